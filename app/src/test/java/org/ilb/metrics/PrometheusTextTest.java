package org.ilb.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is written is read back as it was, whatever names people give to services. */
class PrometheusTextTest {

    private static final Pattern LINE =
            Pattern.compile("([a-z_]+)\\{((?:[a-z]+=\"(?:[^\"\\\\]|\\\\.)*\",?)*)} (\\S+)", Pattern.DOTALL);
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);

    @Property(tries = 300)
    void labelsAndValuesAreReadBack(@ForAll String service, @ForAll String help, @ForAll double value) {
        Map<String, String> labels = ImmutableMap.of("service", service, "server", "10.0.0.1:80");
        String text = PrometheusText.write(ImmutableList.of(new Family(
                "a_total", Family.Kind.COUNTER, help, ImmutableList.of(new Sample("a_total", labels, value)))));
        String[] lines = text.split("\n", -1);
        assertEquals(4, lines.length, text);
        assertTrue(lines[0].startsWith("# HELP a_total "), text);
        assertEquals("# TYPE a_total counter", lines[1]);
        Matcher line = LINE.matcher(lines[2]);
        assertTrue(line.matches(), lines[2]);
        assertEquals("a_total", line.group(1));
        Map<String, String> read = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(line.group(2));
        while (label.find()) {
            read.put(label.group(1), unescaped(label.group(2)));
        }
        assertEquals(labels, read);
        // Prometheus knows no negative zero.
        assertEquals(value + 0.0, Double.parseDouble(line.group(3).replace("Inf", "Infinity")));
        assertEquals("", lines[3]);
    }

    private static String unescaped(String text) {
        return Pattern.compile("\\\\(.)")
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("n") ? "\n" : found.group(1)));
    }

    @Test
    void looksAsPrometheusWantsIt() {
        assertEquals(
                "# HELP up Whether it is.\n# TYPE up gauge\nup 1\n",
                PrometheusText.write(ImmutableList.of(new Family(
                        "up",
                        Family.Kind.GAUGE,
                        "Whether it is.",
                        ImmutableList.of(new Sample("up", ImmutableMap.of(), 1))))));
        assertEquals("0.00025", PrometheusText.number(0.00025));
        assertEquals("+Inf", PrometheusText.number(Double.POSITIVE_INFINITY));
    }
}
