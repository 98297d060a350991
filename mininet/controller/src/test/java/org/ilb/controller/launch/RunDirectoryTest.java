package org.ilb.controller.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final List<String> STARTUP = List.of(
            "reference\\:file\\:org/apache/karaf/shell/org.apache.karaf.shell.core/4.2.15/x.jar = 30",
            "reference\\:file\\:org/onosproject/onos-cli/2.5.6/onos-cli-2.5.6.jar = 60",
            "reference\\:file\\:org/onosproject/onos-api/2.5.6/onos-api-2.5.6.jar = 40");

    @TempDir
    Path root;

    private Path distribution;
    private Path home;

    @BeforeEach
    void distribution() throws Exception {
        distribution = root.resolve("distribution");
        home = root.resolve("home");
        Path etc = Files.createDirectories(distribution.resolve("karaf").resolve("etc"));
        Files.write(etc.resolve("startup.properties"), STARTUP);
    }

    @Test
    void whatOnosRemembersStaysAndTheRestIsMadeAnew() throws Exception {
        Path raft = home.resolve("karaf/data/db/partitions/x");
        Path app = home.resolve("apps/org.ilb/app.xml");
        Path cached = home.resolve("karaf/data/cache/bundle1/x");
        Path changed = home.resolve("karaf/etc/changed.cfg");
        for (Path file : List.of(raft, app, cached, changed)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }

        fill(OptionalInt.of(8101));

        assertTrue(Files.exists(raft));
        assertTrue(Files.exists(app));
        assertFalse(Files.exists(cached));
        assertFalse(Files.exists(changed));
        assertEquals(STARTUP, Files.readAllLines(home.resolve("karaf/etc/startup.properties")));
    }

    @Test
    void withoutAShellItsBundlesAreLeftOut() throws Exception {
        fill(OptionalInt.empty());

        assertEquals(STARTUP.subList(2, 3), Files.readAllLines(home.resolve("karaf/etc/startup.properties")));
    }

    @Test
    void karafReadsTheUsersAsTheyWereMeant() throws Exception {
        fill(OptionalInt.of(8101));

        Properties users = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("karaf/etc/users.properties"))) {
            users.load(reader);
        }
        assertEquals("p:a=ss,_g_:admin", users.getProperty("us:er"));
        assertEquals("other,_g_:viewer", users.getProperty("viewer"));
        assertEquals("group,viewer", users.getProperty("_g_:viewer"));
    }

    @Test
    void aHomeHasOneController() throws Exception {
        new RunDirectory(home).occupy();

        assertThrows(UsageException.class, () -> new RunDirectory(home).occupy());
    }

    private void fill(OptionalInt ssh) throws Exception {
        new RunDirectory(home)
                .fill(
                        distribution,
                        new Description(
                                8181,
                                6653,
                                ssh,
                                new Credentials("us:er", "p:a=ss"),
                                new Credentials("viewer", "other"),
                                1),
                        9876);
    }
}
