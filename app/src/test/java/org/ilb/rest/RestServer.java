package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import javax.annotation.Priority;
import javax.ws.rs.Priorities;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriBuilder;
import org.glassfish.jersey.jdkhttp.JdkHttpServerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.onlab.osgi.ServiceDirectory;
import org.onlab.osgi.ServiceNotFoundException;
import org.onlab.rest.BaseResource;

/** The web application on a port of its own, asked over HTTP; who asks says by a header which roles he has. */
final class RestServer implements AutoCloseable {

    static final String ROLES = "X-Roles";

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private final URI base;
    private List<Object> services = List.of();

    RestServer() {
        ResourceConfig config = ResourceConfig.forApplicationClass(IlbWebApplication.class);
        config.register(new Login());
        setServiceDirectory(new ServiceDirectory() {
            @Override
            public <T> T get(Class<T> serviceClass) {
                return services.stream()
                        .filter(serviceClass::isInstance)
                        .findFirst()
                        .map(serviceClass::cast)
                        .orElseThrow(
                                () -> new ServiceNotFoundException("Service " + serviceClass.getName() + " not found"));
            }
        });
        server = JdkHttpServerFactory.createHttpServer(
                UriBuilder.fromUri("http://127.0.0.1/onos/ilb/v1/").port(0).build(), config);
        base = UriBuilder.fromUri("http://127.0.0.1/onos/ilb/v1/")
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(server.getAddress().getPort())
                .build();
    }

    /** ONOS has no setter for it; its own tests do the same. */
    private static void setServiceDirectory(ServiceDirectory directory) {
        try {
            Field field = BaseResource.class.getDeclaredField("services");
            field.setAccessible(true);
            field.set(null, directory);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    void serve(Object... offered) {
        services = List.of(offered);
    }

    Answer get(String path) {
        return call("GET", path, "viewer");
    }

    Answer call(String method, String path, String roles) {
        return send(request(method, path, null).setHeader(ROLES, roles));
    }

    /** A request of an administrator, to be sent as it is or with more headers. */
    HttpRequest.Builder request(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .setHeader(ROLES, "viewer,admin");
        return body == null ? request : request.setHeader("Content-Type", "application/json");
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** An HTTP answer. */
    static final class Answer {

        final int status;
        final String type;
        final String body;
        final String tag;
        final String location;
        final String allow;

        Answer(HttpResponse<String> response) {
            status = response.statusCode();
            type = response.headers().firstValue("Content-Type").orElse("");
            body = response.body();
            tag = response.headers().firstValue("ETag").orElse("");
            location = response.headers().firstValue("Location").orElse("");
            allow = response.headers().firstValue("Allow").orElse("");
        }

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new AssertionError(body, e);
            }
        }
    }

    @Priority(Priorities.AUTHENTICATION)
    private static final class Login implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            String roles = request.getHeaderString(ROLES);
            request.setSecurityContext(new SecurityContext() {
                @Override
                public Principal getUserPrincipal() {
                    return null;
                }

                @Override
                public boolean isUserInRole(String role) {
                    return Arrays.asList(roles.split(",")).contains(role);
                }

                @Override
                public boolean isSecure() {
                    return false;
                }

                @Override
                public String getAuthenticationScheme() {
                    return BASIC_AUTH;
                }
            });
        }
    }
}
