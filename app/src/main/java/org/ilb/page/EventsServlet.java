package org.ilb.page;

import static org.onlab.util.Tools.groupedThreads;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.concurrent.Executors;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.ilb.IlbService;
import org.onlab.osgi.DefaultServiceDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /onos/ilb/events}: the stream of server-sent events that keeps an open page live.
 *
 * <p>It begins with the event {@code user}, who looks and whether he may change things; then come {@code configuration}
 * and {@code status} events. 503 when {@value Feed#MAX_VIEWERS} pages are open. Thread-safe.
 */
public class EventsServlet extends HttpServlet {

    private static final Logger LOG = LoggerFactory.getLogger(EventsServlet.class);
    private static final long serialVersionUID = 1;
    private static final String ADMIN = "admin";
    private static final int RETRY_SECONDS = 10;

    private transient Feed feed;

    @Override
    public void init() {
        feed = new Feed(
                () -> DefaultServiceDirectory.getService(IlbService.class),
                Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/page", "feed", LOG)),
                System::currentTimeMillis);
    }

    @Override
    public void destroy() {
        feed.close();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        byte[] greeting = Snapshot.event(
                "user",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("name", request.getRemoteUser())
                        .put("admin", request.isUserInRole(ADMIN)));
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        Stream stream = new Stream(context, response.getOutputStream(), greeting, feed::remove, System::nanoTime);
        context.addListener(stream);
        if (!feed.add(stream)) {
            response.setHeader("Retry-After", Integer.toString(RETRY_SECONDS));
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            context.complete();
            return;
        }
        response.getOutputStream().setWriteListener(stream);
    }
}
