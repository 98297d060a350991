package org.ilb.controller.launch;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Asks a controller whether it takes requests: {@code GET /v1/devices} answers 200 and switches can connect.
 *
 * <p>{@code /v1/cluster} would answer before the device subsystem stands. The shell is not asked: it starts long before
 * REST does, and each look would leave a complaint about a half-open session in the log. Immutable and thread-safe.
 */
public final class Readiness {
    private static final int PATIENCE_MILLIS = 2000;

    private final Description description;

    /**
     * Makes one.
     *
     * @param description where to ask
     */
    public Readiness(Description description) {
        this.description = description;
    }

    /**
     * Asks once.
     *
     * @return what is still missing, empty when nothing is
     */
    public String missing() {
        try {
            int status = devices();
            if (status != HttpURLConnection.HTTP_OK) {
                return "REST answers " + status + " to GET /v1/devices";
            }
        } catch (IOException e) {
            return "REST does not answer (" + e.getMessage() + ")";
        }
        if (!accepts(description.openflowPort())) {
            return "nobody takes OpenFlow connections on port " + description.openflowPort();
        }
        return "";
    }

    private int devices() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(description.rest() + "/v1/devices").openConnection();
        try {
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            Credentials who = description.administrator();
            String pair = who.user() + ":" + who.password();
            connection.setRequestProperty(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
