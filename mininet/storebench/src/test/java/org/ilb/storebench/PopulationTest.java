package org.ilb.storebench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.stream.IntStream;
import org.ilb.Association;
import org.junit.jupiter.api.Test;

class PopulationTest {

    @Test
    void everyNumberIsAnotherConnectionWithABackupThatIsNotItsOwner() {
        int numbers = 120_000;
        assertEquals(
                numbers,
                IntStream.range(0, numbers).mapToObj(Population::key).distinct().count());
        for (int number = 0; number < numbers; number++) {
            Association association = Population.association(number);
            assertNotEquals(association.owner(), association.backup().orElseThrow());
        }
    }
}
