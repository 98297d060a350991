package org.ilb.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.ws.rs.Consumes;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onosproject.rest.ApiDocProvider;
import org.onosproject.rest.ApiDocService;

/** What ONOS's API page shows is what there is. */
class ApiDocumentationTest {

    private static final Pattern CHOICE = Pattern.compile("\\{\\w+: *([\\w|]+)}");
    private static final Map<String, String> EXAMPLES = Map.of(
            "{name}", "web",
            "{server}", "10.0.1.1:8080",
            "{id}", "10.0.2.1");

    private JsonNode json;

    @BeforeEach
    void read() throws IOException {
        json = new ObjectMapper().readTree(getClass().getResource(ApiDocumentation.RESOURCE));
    }

    @Test
    void itHasEveryMethodOfEveryResourceAndNoOther() {
        Map<String, Set<String>> documented = new TreeMap<>();
        json.path("paths")
                .fields()
                .forEachRemaining(path -> documented.put(
                        path.getKey(), ImmutableSet.copyOf(path.getValue().fieldNames())));
        Map<String, Set<String>> there = new TreeMap<>();
        methods((path, method) -> there.computeIfAbsent(path, each -> new TreeSet<>())
                .add(verb(method).toLowerCase(Locale.ROOT)));
        assertEquals(there.toString(), new TreeMap<>(sorted(documented)).toString());
    }

    @Test
    void itSaysWhatBodiesAreMadeOf() {
        methods((path, method) -> {
            JsonNode operation = json.path("paths").path(path).path(verb(method).toLowerCase(Locale.ROOT));
            Set<String> types = new TreeSet<>();
            operation.path("consumes").forEach(type -> types.add(type.asText()));
            Consumes consumes = method.getAnnotation(Consumes.class);
            assertEquals(consumes == null ? Set.of() : new TreeSet<>(Arrays.asList(consumes.value())), types, path);
            boolean body = false;
            for (JsonNode parameter : operation.path("parameters")) {
                body |= parameter.path("in").asText().equals("body");
                if (parameter.path("in").asText().equals("path")) {
                    assertTrue(path.contains('{' + parameter.path("name").asText() + '}'), path);
                }
            }
            assertEquals(consumes != null, body, path);
            assertEquals(
                    path.chars().filter(each -> each == '{').count(),
                    operation.path("parameters").findValuesAsText("in").stream()
                            .filter("path"::equals)
                            .count(),
                    path);
            assertFalse(operation.path("summary").asText().isEmpty(), path);
            assertTrue(
                    json.path("tags")
                            .findValuesAsText("name")
                            .contains(operation.path("tags").path(0).asText()),
                    path);
        });
    }

    /** A request with a parameter that nobody knows is told which there are. */
    @Test
    void itHasEveryParameter() {
        try (RestServer server = new RestServer()) {
            server.serve(new SampleIlb(true));
            json.path("paths")
                    .fields()
                    .forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
                        if (path.getKey().startsWith("/config")) {
                            return;
                        }
                        String request = path.getKey().substring(1);
                        for (Map.Entry<String, String> example : EXAMPLES.entrySet()) {
                            request = request.replace(example.getKey(), example.getValue());
                        }
                        RestServer.Answer answer = server.call(
                                operation.getKey().toUpperCase(Locale.ROOT), request + "?x=1", "viewer,admin");
                        String detail = answer.json().path("detail").asText();
                        assertTrue(detail.startsWith("unknown parameter x; there are "), answer.body);
                        Set<String> known =
                                new TreeSet<>(Arrays.asList(detail.substring("unknown parameter x; there are ".length())
                                        .split(", ")));
                        known.remove("none here");
                        Set<String> documented = new TreeSet<>();
                        operation.getValue().path("parameters").forEach(parameter -> {
                            if (parameter.path("in").asText().equals("query")) {
                                documented.add(parameter.path("name").asText());
                            }
                        });
                        assertEquals(known, documented, path.getKey());
                    }));
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (String reference : json.findValuesAsText("$ref")) {
            assertTrue(json.at(reference.substring(1)).isObject(), reference);
        }
    }

    @Test
    void itComesAndGoesWithTheApplication() throws IOException {
        ForgetfulPage page = new ForgetfulPage();
        ApiDocumentation documentation = new ApiDocumentation();
        documentation.bindPage(page);
        ApiDocProvider provider = page.getDocProvider("/onos/ilb/v1");
        assertEquals("Front-end Load Balancing REST API", provider.name());
        assertEquals(json, new ObjectMapper().readTree(provider.docs()));
        assertEquals(provider.key(), json.path("basePath").asText());
        documentation.unbindPage(page);
        assertEquals(Set.of(), page.getDocProviders());
    }

    private interface Visitor {
        void visit(String path, Method method);
    }

    /** Visits each method of each resource by its path; a path that offers a choice is several. */
    private static void methods(Visitor visitor) {
        for (Class<?> resource : new IlbWebApplication().getClasses()) {
            Path root = resource.getAnnotation(Path.class);
            if (root == null) {
                continue;
            }
            for (Method method : resource.getDeclaredMethods()) {
                if (verb(method) != null) {
                    Path path = method.getAnnotation(Path.class);
                    String whole = ('/' + root.value() + '/' + (path == null ? "" : path.value()))
                            .replaceAll("/+", "/")
                            .replaceAll("(.)/$", "$1");
                    Matcher choice = CHOICE.matcher(whole);
                    if (choice.find()) {
                        for (String one : choice.group(1).split("\\|")) {
                            visitor.visit(whole.replace(choice.group(), one), method);
                        }
                    } else {
                        visitor.visit(whole, method);
                    }
                }
            }
        }
    }

    private static String verb(Method method) {
        return Stream.of(method.getAnnotations())
                .map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class))
                .filter(each -> each != null)
                .map(HttpMethod::value)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Set<String>> sorted(Map<String, Set<String>> map) {
        Map<String, Set<String>> sorted = new HashMap<>();
        map.forEach((key, values) -> sorted.put(key, new TreeSet<>(values)));
        return sorted;
    }

    /** ONOS's page, with its slip. */
    private static final class ForgetfulPage implements ApiDocService {

        private final Map<String, ApiDocProvider> providers = new HashMap<>();

        @Override
        public void register(ApiDocProvider provider) {
            providers.put(provider.key(), provider);
        }

        @Override
        public void unregister(ApiDocProvider provider) {
            providers.remove(provider.name());
        }

        @Override
        public Set<ApiDocProvider> getDocProviders() {
            return ImmutableSet.copyOf(providers.values());
        }

        @Override
        public ApiDocProvider getDocProvider(String key) {
            return providers.get(key);
        }
    }
}
