package org.ilb.controller.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptionTest {

    @Test
    void theFormatIsTheOneThatIsPromised() {
        Description description = new Description(
                8181,
                6653,
                OptionalInt.of(8101),
                new Credentials("onos", "secret"),
                new Credentials("viewer", "other"),
                42);

        assertEquals(
                "{\"rest\":\"http://127.0.0.1:8181/onos\",\"openflow\":\"127.0.0.1:6653\",\"ssh\":\"127.0.0.1:8101\","
                        + "\"user\":\"onos\",\"password\":\"secret\","
                        + "\"viewer\":{\"user\":\"viewer\",\"password\":\"other\"},\"pid\":42}",
                description.toJson());
    }

    @Test
    void theFileIsForItsOwnerOnly(@TempDir Path home) throws Exception {
        Description description =
                new Description(1, 2, OptionalInt.empty(), new Credentials("a", "b"), new Credentials("c", "d"), 3);
        description.write(home);
        description.write(home); // again, over the old one

        Path file = home.resolve("controller.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(Description.read(home).isPresent());
    }

    @Test
    void aFileFromElsewhereIsIgnored(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("controller.json"), "{}");

        assertTrue(Description.read(home).isEmpty());
    }
}
