package org.ilb.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.servlet.AsyncContext;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** The stream begins with who looks and whether he may act; it never times out, and there is room for so many. */
class EventsServletTest {

    private final EventsServlet servlet = new EventsServlet();

    @BeforeEach
    void begin() {
        servlet.init();
    }

    @AfterEach
    void end() {
        servlet.destroy();
    }

    @Test
    void greetsWhoMayOnlyLook() throws IOException {
        assertEquals("event: user\ndata: {\"name\":\"eve\",\"admin\":false}\n\n", greeting(false));
    }

    @Test
    void greetsWhoMayAct() throws IOException {
        assertEquals("event: user\ndata: {\"name\":\"eve\",\"admin\":true}\n\n", greeting(true));
    }

    @Test
    void refusesOnePageTooMany() throws IOException {
        for (int i = 0; i < Feed.MAX_VIEWERS; i++) {
            verify(open(false).response, never()).setStatus(503);
        }
        Page refused = open(false);
        verify(refused.response).setStatus(503);
        verify(refused.response).setHeader("Retry-After", "10");
        verify(refused.context).complete();
    }

    private String greeting(boolean admin) throws IOException {
        Page page = open(admin);
        verify(page.response).setContentType("text/event-stream");
        verify(page.response).setHeader("Cache-Control", "no-store");
        verify(page.context).setTimeout(0);
        ArgumentCaptor<WriteListener> listener = ArgumentCaptor.forClass(WriteListener.class);
        verify(page.out).setWriteListener(listener.capture());
        when(page.out.isReady()).thenReturn(true);
        listener.getValue().onWritePossible();
        ArgumentCaptor<byte[]> written = ArgumentCaptor.forClass(byte[].class);
        verify(page.out).write(written.capture());
        return new String(written.getValue(), StandardCharsets.UTF_8);
    }

    private Page open(boolean admin) throws IOException {
        Page page = new Page(admin);
        servlet.doGet(page.request, page.response);
        return page;
    }

    /** What a browser's request brings along. */
    private static final class Page {

        private final HttpServletRequest request = mock(HttpServletRequest.class);
        private final HttpServletResponse response = mock(HttpServletResponse.class);
        private final AsyncContext context = mock(AsyncContext.class);
        private final ServletOutputStream out = mock(ServletOutputStream.class);

        Page(boolean admin) throws IOException {
            when(request.getRemoteUser()).thenReturn("eve");
            when(request.isUserInRole(any())).thenAnswer(call -> admin && "admin".equals(call.getArgument(0)));
            when(request.startAsync()).thenReturn(context);
            when(response.getOutputStream()).thenReturn(out);
        }
    }
}
