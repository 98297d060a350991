package org.ilb.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatusLineTest {

    private static int read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return StatusLine.read(bytes, bytes.length);
    }

    @Test
    void readsEveryStatus() {
        for (int status = 100; status < 600; status++) {
            assertEquals(status, read("HTTP/1.1 " + status + " Whatever\r\n"));
            assertEquals(status, read("HTTP/1.0 " + status + "\r\n"));
        }
    }

    @Test
    void everyBeginningOfAStatusLineIsIncomplete() {
        String line = "HTTP/1.1 200 ";
        for (int length = 0; length < line.length(); length++) {
            assertEquals(StatusLine.INCOMPLETE, read(line.substring(0, length)));
        }
    }

    @Test
    void refusesWhatIsNone() {
        for (String text : new String[] {
            "HTTP/2.0 200 ",
            "http/1.1 200 ",
            "HTTP/1.1  200 ",
            "HTTP/1.1 099 ",
            "HTTP/1.1 600 ",
            "HTTP/1.1 2000 ",
            "\r\nHTTP/1.1 200 "
        }) {
            assertEquals(StatusLine.MALFORMED, read(text), text);
        }
    }

    @Test
    void anyBytesAreReadAsOneOfThese() {
        Random random = new Random(1);
        byte[] line = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = line.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int status = StatusLine.read(bytes, random.nextInt(bytes.length + 1));
            assertTrue(status >= -1 && status <= 599 && (status <= 0 || status >= 100));
        }
    }
}
