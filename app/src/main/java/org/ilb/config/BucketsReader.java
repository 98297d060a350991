package org.ilb.config;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ilb.Buckets;

/** Reads how a service's connections are gathered into buckets, if they are. Stateless and thread-safe. */
final class BucketsReader {

    static final Set<String> BUCKETS =
            ImmutableSet.of("count", "portBits", "binding", "moveSynAfter", "movePinAfter", "moving");

    /** The words of {@code granularity}, and whether it is in buckets. */
    static final Map<String, Boolean> GRANULARITIES = ImmutableMap.of("connection", false, "buckets", true);

    static final Map<String, Buckets.Binding> BINDINGS =
            ImmutableMap.of("ahead", Buckets.Binding.AHEAD, "lazy", Buckets.Binding.LAZY);

    private static final int DEFAULT_BITS = 6;
    private static final int MIN_COUNT = 1 << Buckets.MIN_BITS;
    private static final int MAX_COUNT = 1 << Buckets.MAX_BITS;
    private static final int MAX_PORT_BIT = 15;
    private static final Duration MOVE_SYN_AFTER = Duration.ofSeconds(3);
    private static final Duration MOVE_PIN_AFTER = Duration.ofSeconds(60);
    private static final int MAX_MOVE_SYN_AFTER_S = 60;
    private static final int MAX_MOVE_PIN_AFTER_S = 3600;

    /** All buckets at once would be as many packet-ins at once as without buckets; a quarter leaves the rest at full speed. */
    private static final int MOVING_SHARE = 4;

    private BucketsReader() {}

    /** Returns the buckets of a service, empty if each of its connections is on its own. */
    static Optional<Buckets> read(Field service) {
        boolean inBuckets = service.get("granularity").choiceOr(false, GRANULARITIES);
        Field field = service.get("buckets");
        if (!inBuckets) {
            if (field.isPresent()) {
                throw field.error("present, but granularity is not \"buckets\"");
            }
            return Optional.empty();
        }
        if (field.isPresent()) {
            field.object(BUCKETS);
        }
        int portMask = portMask(field);
        int count = 1 << Integer.bitCount(portMask);
        return Optional.of(new Buckets(
                portMask,
                field.get("binding").choiceOr(Buckets.Binding.AHEAD, BINDINGS),
                seconds(field.get("moveSynAfter"), MOVE_SYN_AFTER, MAX_MOVE_SYN_AFTER_S),
                seconds(field.get("movePinAfter"), MOVE_PIN_AFTER, MAX_MOVE_PIN_AFTER_S),
                field.get("moving").numberOr(count / MOVING_SHARE, 1, count)));
    }

    private static int portMask(Field buckets) {
        Field countField = buckets.get("count");
        Field bitsField = buckets.get("portBits");
        if (!bitsField.isPresent()) {
            int bits = countField.isPresent() ? bits(countField) : DEFAULT_BITS;
            return (1 << bits + 1) - 2;
        }
        int mask = portBits(bitsField);
        if (countField.isPresent() && bits(countField) != Integer.bitCount(mask)) {
            throw countField.wrong(
                    (1 << Integer.bitCount(mask)) + ", the number of buckets that " + bitsField.path() + " makes");
        }
        return mask;
    }

    /** Returns how many bits make a number of buckets. */
    private static int bits(Field count) {
        int number = count.number(MIN_COUNT, MAX_COUNT);
        if (Integer.bitCount(number) != 1) {
            throw count.wrong("a power of two from " + MIN_COUNT + " to " + MAX_COUNT);
        }
        return Integer.numberOfTrailingZeros(number);
    }

    private static int portBits(Field list) {
        List<Field> fields = list.list("bits of the client's port, such as [1, 2, 3, 4, 5, 6]");
        int mask = 0;
        for (Field field : fields) {
            int bit = field.number(0, MAX_PORT_BIT);
            if (bit == 0) {
                throw field.error("0, the lowest bit, tells no buckets apart: clients prefer even ports, "
                        + "so half of the buckets would stay empty; use bits from 1 to " + MAX_PORT_BIT);
            }
            if ((mask & 1 << bit) != 0) {
                throw field.error(bit + " is in the list already");
            }
            mask |= 1 << bit;
        }
        int bits = Integer.bitCount(mask);
        if (bits < Buckets.MIN_BITS || bits > Buckets.MAX_BITS) {
            throw list.error("has " + bits + " bits, which make " + (1 << bits) + " buckets; use " + Buckets.MIN_BITS
                    + " to " + Buckets.MAX_BITS + " bits");
        }
        return mask;
    }

    private static Duration seconds(Field field, Duration missing, int max) {
        return Duration.ofSeconds(field.numberOr((int) missing.getSeconds(), 0, max));
    }
}
