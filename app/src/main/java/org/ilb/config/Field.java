package org.ilb.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.ImmutableList;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/**
 * One place in the JSON: its path and what it holds.
 *
 * <p>Each method that reads a value either returns it or throws a {@link ConfigException}; none throws anything else, whatever the
 * JSON is. Immutable.
 */
final class Field {

    /** The largest number of a switch port; above it are OpenFlow's reserved ports. */
    static final long MAX_SWITCH_PORT = 0xffffff00L;

    /** The first two bytes of the MAC addresses that the function itself answers with. */
    static final int OWN_MAC_PREFIX = 0x0249;

    private static final int SHOWN = 60;
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern DEVICE = Pattern.compile("of:[0-9a-f]{16}");
    private static final Pattern SWITCH_PORT = Pattern.compile("[1-9][0-9]{0,9}");
    private static final Pattern MAC = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}");
    private static final Pattern SEED = Pattern.compile("[0-9A-Fa-f]{16}");

    private final String path;
    private final JsonNode node;

    private Field(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static Field root(JsonNode node) {
        return new Field("", node == null ? MissingNode.getInstance() : node);
    }

    String path() {
        return path;
    }

    boolean isPresent() {
        return !node.isMissingNode();
    }

    /** Returns the fields of this object, having refused any that are not among the allowed. */
    Field object(Set<String> allowed) {
        if (!node.isObject()) {
            throw wrong("an object with the fields " + String.join(", ", allowed));
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw get(name).error("unknown field; the fields here are " + String.join(", ", allowed));
            }
        }
        return this;
    }

    /** Returns a field of this object; it need not be there. */
    Field get(String name) {
        String step = PLAIN_NAME.matcher(name).matches()
                ? name
                : "[" + shorten(TextNode.valueOf(name).toString()) + "]";
        return new Field(path.isEmpty() || step.startsWith("[") ? path + step : path + "." + step, node.path(name));
    }

    /** Returns the elements of this list; a list that is not there has none. */
    List<Field> list(String elements) {
        if (node.isMissingNode()) {
            return ImmutableList.of();
        }
        if (!node.isArray()) {
            throw wrong("a list of " + elements);
        }
        ImmutableList.Builder<Field> fields = ImmutableList.builder();
        for (int i = 0; i < node.size(); i++) {
            fields.add(new Field(path + "[" + i + "]", node.get(i)));
        }
        return fields.build();
    }

    String text(Pattern pattern, String allowed) {
        if (!node.isTextual() || !pattern.matcher(node.textValue()).matches()) {
            throw wrong(allowed);
        }
        return node.textValue();
    }

    boolean isNumber() {
        return node.isIntegralNumber();
    }

    long number(long min, long max) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            throw wrong("a whole number from " + min + " to " + max);
        }
        return node.longValue();
    }

    int number(int min, int max) {
        return (int) number((long) min, max);
    }

    int numberOr(int missing, int min, int max) {
        return isPresent() ? number(min, max) : missing;
    }

    boolean flagOr(boolean missing) {
        if (!isPresent()) {
            return missing;
        }
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    /** Returns what one of some words stands for. */
    <T> T choiceOr(T missing, Map<String, T> words) {
        if (!isPresent()) {
            return missing;
        }
        T value = node.isTextual() ? words.get(node.textValue()) : null;
        if (value == null) {
            String all = String.join(", ", words.keySet());
            throw wrong(words.size() == 1 ? all + ", the only choice" : "one of " + all);
        }
        return value;
    }

    IpAddress address() {
        String allowed = "an IPv4 unicast address such as 10.0.0.1";
        IpAddress address = ipv4(node.isTextual() ? node.textValue() : "");
        if (address == null) {
            throw wrong(allowed);
        }
        int first = address.toOctets()[0] & 0xff;
        if (first == 0 || first == 127 || first >= 224) {
            throw wrong(allowed);
        }
        return address;
    }

    IpPrefix prefix() {
        String allowed = "an IPv4 prefix such as 10.0.0.0/24";
        String text = node.isTextual() ? node.textValue() : "";
        int slash = text.indexOf('/');
        IpAddress address = slash < 0 ? null : ipv4(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (address == null
                || !SWITCH_PORT.matcher(length).matches()
                || length.length() > 2
                || Integer.parseInt(length) > IpPrefix.MAX_INET_MASK_LENGTH) {
            throw wrong(allowed + ", of length 1 to " + IpPrefix.MAX_INET_MASK_LENGTH);
        }
        IpPrefix prefix = IpPrefix.valueOf(address, Integer.parseInt(length));
        if (!prefix.address().equals(address)) {
            throw wrong(allowed + "; bits beyond the length must be 0, as in " + prefix);
        }
        return prefix;
    }

    MacAddress mac() {
        MacAddress mac = MacAddress.valueOf(text(MAC, "a MAC address such as 00:00:00:00:00:01"));
        if (mac.isMulticast() || mac.isBroadcast() || mac.toLong() == 0) {
            throw wrong("a unicast MAC address");
        }
        if (mac.toLong() >>> Integer.SIZE == OWN_MAC_PREFIX) {
            throw wrong("a MAC address that does not start with 02:49, which is the mark of this function's own");
        }
        return mac;
    }

    DeviceId device() {
        return DeviceId.deviceId(text(DEVICE, "a switch such as of:000000000000000a (16 digits, lower case)"));
    }

    PortNumber switchPort() {
        return PortNumber.portNumber(number(1, MAX_SWITCH_PORT));
    }

    ConnectPoint connectPoint() {
        String text = node.isTextual() ? node.textValue() : "";
        int slash = text.indexOf('/');
        String port = text.substring(slash + 1);
        if (slash < 0
                || !DEVICE.matcher(text.substring(0, slash)).matches()
                || !SWITCH_PORT.matcher(port).matches()
                || Long.parseLong(port) > MAX_SWITCH_PORT) {
            throw wrong("a switch and its port, such as of:000000000000000a/3");
        }
        return new ConnectPoint(
                DeviceId.deviceId(text.substring(0, slash)), PortNumber.portNumber(Long.parseLong(port)));
    }

    Instant instant() {
        try {
            return Instant.parse(node.isTextual() ? node.textValue() : "");
        } catch (DateTimeParseException e) {
            throw wrong("a moment such as \"2030-01-31T18:00:00Z\"");
        }
    }

    long seed() {
        if (!node.isTextual() || !SEED.matcher(node.textValue()).matches()) {
            // What almost is the secret stays out of answers and logs.
            throw error("must be a string of 16 hexadecimal digits");
        }
        return Long.parseUnsignedLong(node.textValue(), 16);
    }

    /** Returns the complaint that this field does not hold what is allowed. */
    ConfigException wrong(String allowed) {
        return error(isPresent() ? shown() + " is not " + allowed : "missing; it must be " + allowed);
    }

    /** Returns a complaint about this field. */
    ConfigException error(String reason) {
        return new ConfigException(path.isEmpty() ? "the configuration" : path, reason);
    }

    private static IpAddress ipv4(String text) {
        if (!IPV4.matcher(text).matches()) {
            return null;
        }
        try {
            // The way back shows leading zeros, which some read as octal.
            IpAddress address = IpAddress.valueOf(text);
            return address.toString().equals(text) ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private String shown() {
        // What is within would be neither short nor, in hostile JSON, of bounded depth.
        return node.isObject() ? "an object" : node.isArray() ? "a list" : shorten(node.toString());
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 3) + "...";
    }
}
