package org.ilb.controller.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The home of one run: everything that a controller writes.
 *
 * <p>Configuration and bundle cache are made anew at each start, so that a home follows its distribution; what ONOS
 * remembers (Raft's logs, installed applications) stays. Not thread-safe.
 */
public final class RunDirectory {
    // In the bundles of Karaf's features shell and ssh, and ONOS's commands.
    private static final List<String> SHELL_BUNDLES =
            List.of("/org.apache.karaf.shell.", ".command/", "/sshd-", "/jline", "/onos-cli/");

    private final Path home;
    // Kept open: it says that the home is in use for as long as this process lives.
    private FileLock lock;

    /**
     * Makes one.
     *
     * @param home where it is or shall be
     */
    public RunDirectory(Path home) {
        this.home = home;
    }

    /**
     * Takes possession of it.
     *
     * @throws UsageException when another controller has it
     * @throws IOException when it cannot be made
     */
    public void occupy() throws UsageException, IOException {
        Files.createDirectories(home);
        FileChannel channel =
                FileChannel.open(home.resolve("controller.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // this very process has it
        }
        if (lock == null) {
            channel.close();
            throw new UsageException("another controller is running in " + home);
        }
        Files.deleteIfExists(ready());
    }

    /**
     * Fills it.
     *
     * @param distribution what to start from; it is only read
     * @param description where the controller shall listen and who may use it
     * @param clusterPort where the distributed stores listen
     * @throws IOException when a file cannot be read or written
     */
    public void fill(Path distribution, Description description, int clusterPort) throws IOException {
        Path etc = karaf().resolve("etc");
        delete(etc);
        delete(karaf().resolve("data").resolve("cache"));
        delete(karaf().resolve("data").resolve("tmp"));
        for (Path directory : List.of(
                logs(),
                karaf().resolve("data").resolve("tmp"),
                karaf().resolve("system"),
                home.resolve("apps"),
                home.resolve("config"))) {
            Files.createDirectories(directory);
        }
        copy(distribution.resolve("karaf").resolve("etc"), etc);
        copy(distribution.resolve("config"), home.resolve("config"));

        writeSecret(etc.resolve("users.properties"), users(description));
        Files.writeString(
                etc.resolve("org.onosproject.openflow.controller.impl.OpenFlowControllerImpl.cfg"),
                "openflowPorts=" + description.openflowPort() + "\n");
        Files.writeString(home.resolve("config").resolve("component-cfg.json"), presets(description.openflowPort()));
        Files.writeString(cluster(), cluster(clusterPort));
        if (description.sshPort().isEmpty()) {
            Path startup = etc.resolve("startup.properties");
            Files.write(startup, withoutShell(Files.readAllLines(startup)));
        }
    }

    /** ONOS's own REST API asks for one of the roles admin and viewer, and for admin where something changes. */
    private static String users(Description description) {
        return String.join(
                "\n",
                user(description.administrator(), "admin"),
                user(description.viewer(), "viewer"),
                "_g_\\:admin = group,admin,manager,viewer,systembundles,ssh,webconsole",
                "_g_\\:viewer = group,viewer",
                "");
    }

    private static String user(Credentials who, String group) {
        return escape(who.user()) + " = " + escape(who.password()) + ",_g_:" + group;
    }

    /** As Java's properties want it. */
    private static String escape(String text) {
        return text.replaceAll("([:=])", "\\\\$1");
    }

    /** Presets are stronger than {@code .cfg} files, and both agree: the first listening is on the right port already. */
    private static String presets(int openflowPort) {
        return "{\"org.onosproject.openflow.controller.impl.OpenFlowControllerImpl\": {\"openflowPorts\": \""
                + openflowPort + "\"}}\n";
    }

    private static String cluster(int port) {
        return "{\"name\": \"ilb\", \"node\": {\"id\": \"127.0.0.1\", \"ip\": \"127.0.0.1\", \"port\": " + port
                + "}}\n";
    }

    static List<String> withoutShell(List<String> startup) {
        return startup.stream()
                .filter(line -> SHELL_BUNDLES.stream().noneMatch(line::contains))
                .collect(Collectors.toList());
    }

    /**
     * Returns where Karaf lives.
     *
     * @return Karaf's base directory
     */
    public Path karaf() {
        return home.resolve("karaf");
    }

    /**
     * Returns where the logs are.
     *
     * @return a directory
     */
    public Path logs() {
        return karaf().resolve("data").resolve("log");
    }

    /**
     * Returns what there is as long as the controller takes requests.
     *
     * @return a file
     */
    public Path ready() {
        return home.resolve("ready");
    }

    /**
     * Returns what says which cluster this is.
     *
     * @return a file
     */
    public Path cluster() {
        return home.resolve("config").resolve("cluster.json");
    }

    private static void writeSecret(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException problem) throws IOException {
                if (problem != null) {
                    throw problem;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
