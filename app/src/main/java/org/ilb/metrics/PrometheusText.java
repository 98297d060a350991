package org.ilb.metrics;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes metrics as text that Prometheus reads: its text exposition format, version 0.0.4. */
public final class PrometheusText {

    /** The media type of the text. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final long EXACT = 1L << 53;
    private static final double LARGE = 1e15;

    private PrometheusText() {}

    /**
     * Writes metrics.
     *
     * @param families the metrics
     * @return lines, each with an end
     */
    public static String write(List<Family> families) {
        StringBuilder text = new StringBuilder();
        for (Family family : families) {
            text.append("# HELP ").append(family.name()).append(' ');
            escape(text, family.help(), false);
            text.append("\n# TYPE ")
                    .append(family.name())
                    .append(' ')
                    .append(family.kind().name().toLowerCase(Locale.ROOT))
                    .append('\n');
            family.samples().forEach(sample -> write(text, sample));
        }
        return text.toString();
    }

    private static void write(StringBuilder text, Sample sample) {
        text.append(sample.name());
        if (!sample.labels().isEmpty()) {
            char separator = '{';
            for (Map.Entry<String, String> label : sample.labels().entrySet()) {
                text.append(separator).append(label.getKey()).append("=\"");
                escape(text, label.getValue(), true);
                text.append('"');
                separator = ',';
            }
            text.append('}');
        }
        text.append(' ').append(number(sample.value())).append('\n');
    }

    /** Writes small numbers as people do, and whole ones without a fraction as far as a double has them exactly. */
    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            return Long.toString((long) value);
        }
        // The bounds of histograms are compared as text.
        return Math.abs(value) < LARGE
                ? new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }

    private static void escape(StringBuilder text, String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                text.append("\\\\");
            } else if (c == '\n') {
                text.append("\\n");
            } else if (c == '"' && quoted) {
                text.append("\\\"");
            } else {
                text.append(c);
            }
        }
    }
}
