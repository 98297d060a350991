package org.ilb.controller.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DescriptionPropertyTest {

    @Property(tries = 200)
    void whatIsWrittenIsReadBack(@ForAll("descriptions") Description description) {
        Optional<Description> read = Description.parse(description.toJson() + "\n");

        assertEquals(Optional.of(description.toJson()), read.map(Description::toJson));
    }

    @Provide
    Arbitrary<Description> descriptions() {
        Arbitrary<Integer> ports = Arbitraries.integers().between(1, 65535);
        Arbitrary<Credentials> credentials =
                Combinators.combine(words(), words()).as(Credentials::new);
        return Combinators.combine(
                        ports,
                        ports,
                        ports.optional(),
                        credentials,
                        credentials,
                        Arbitraries.longs().between(1, Long.MAX_VALUE))
                .as((rest, openflow, ssh, administrator, viewer, pid) -> new Description(
                        rest,
                        openflow,
                        ssh.map(OptionalInt::of).orElse(OptionalInt.empty()),
                        administrator,
                        viewer,
                        pid));
    }

    private static Arbitrary<String> words() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("._~@%+=:/-")
                .ofMinLength(1)
                .ofMaxLength(128)
                .filter(Credentials::isUsable);
    }
}
