package org.ilb.controller.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void allOptionsAreUnderstood() throws UsageException {
        Options options = parse("--home /run/x --rest-port 1 --openflow-port 65535 --ssh-port 22 --user u --password -p"
                + " --heap 1g --no-shell");

        assertEquals(Path.of("/run/x"), options.home());
        assertEquals(OptionalInt.of(1), options.restPort());
        assertEquals(OptionalInt.of(65535), options.openflowPort());
        assertEquals(OptionalInt.of(22), options.sshPort());
        assertEquals(Optional.of("u"), options.user());
        assertEquals(Optional.of("-p"), options.password());
        assertFalse(options.shell());
    }

    @Test
    void theLastHomeCounts() throws UsageException {
        // bin/controller appends it once more, absolute.
        assertEquals(Path.of("/b"), parse("--home a --home /b").home());
    }

    @Test
    void nothingButTheHomeIsNeeded() throws UsageException {
        Options options = parse("--home /x");

        assertTrue(options.restPort().isEmpty());
        assertTrue(options.password().isEmpty());
        assertTrue(options.shell());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rest-port 1",
                "--home",
                "--home /x --rest-port 0",
                "--home /x --rest-port 65536",
                "--home /x --rest-port 123456",
                "--home /x --openflow-port x",
                "--home /x --ssh-port -1",
                "--home /x --password a,b",
                "--home /x --user {CRYPT}x",
                "--home /x --user ä",
                "--home /x extra"
            })
    void whatIsWrongIsRefusedInOneSentence(String line) {
        UsageException problem = assertThrows(UsageException.class, () -> parse(line));

        assertFalse(problem.getMessage().contains("\n"));
    }

    private static Options parse(String line) throws UsageException {
        return Options.parse(List.of(line.split(" ", -1)));
    }
}
