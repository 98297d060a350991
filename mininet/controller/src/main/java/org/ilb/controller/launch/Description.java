package org.ilb.controller.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code controller.json} says: where a controller listens and how to be let in. Immutable and thread-safe.
 *
 * <p>It is read back at the next start in the same home, so that a controller that comes back is where the switches look
 * for it.
 */
public final class Description {
    private static final String FILE = "controller.json";
    private static final String LOOPBACK = "127.0.0.1";

    private final int restPort;
    private final int openflowPort;
    private final OptionalInt sshPort;
    private final Credentials administrator;
    private final Credentials viewer;
    private final long pid;

    /**
     * Makes one.
     *
     * @param restPort where REST listens
     * @param openflowPort where switches connect
     * @param sshPort where the shell listens, if there is one
     * @param administrator who may do everything
     * @param viewer who may read
     * @param pid the process to signal
     */
    public Description(
            int restPort,
            int openflowPort,
            OptionalInt sshPort,
            Credentials administrator,
            Credentials viewer,
            long pid) {
        this.restPort = restPort;
        this.openflowPort = openflowPort;
        this.sshPort = sshPort;
        this.administrator = administrator;
        this.viewer = viewer;
        this.pid = pid;
    }

    /**
     * Reads what the last controller in a home left.
     *
     * @param home the home
     * @return it, if there was one and it can be understood
     * @throws IOException when the file is there and cannot be read
     */
    public static Optional<Description> read(Path home) throws IOException {
        Path file = home.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return parse(Files.readString(file));
    }

    /** Understands what {@link #toJson} wrote; no value in there needs quoting. */
    static Optional<Description> parse(String json) {
        Matcher matcher = Pattern.compile("\\{\"rest\":\"http://[^:]+:(\\d+)/onos\",\"openflow\":\"[^:]+:(\\d+)\","
                        + "\"ssh\":(?:\"[^:]+:(\\d+)\"|null),"
                        + "\"user\":\"([^\"]+)\",\"password\":\"([^\"]+)\","
                        + "\"viewer\":\\{\"user\":\"([^\"]+)\",\"password\":\"([^\"]+)\"\\},"
                        + "\"pid\":(\\d+)\\}\\s*")
                .matcher(json);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Description(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                matcher.group(3) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(matcher.group(3))),
                new Credentials(matcher.group(4), matcher.group(5)),
                new Credentials(matcher.group(6), matcher.group(7)),
                Long.parseLong(matcher.group(8))));
    }

    /**
     * Writes the file, readable by its owner only; a reader sees the old one or the new one.
     *
     * @param home where to
     * @throws IOException when that fails
     */
    public void write(Path home) throws IOException {
        Path draft = home.resolve(FILE + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, toJson() + "\n");
        Files.move(draft, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    String toJson() {
        String ssh = sshPort.isPresent() ? "\"" + LOOPBACK + ":" + sshPort.getAsInt() + "\"" : "null";
        return "{\"rest\":\"" + rest() + "\",\"openflow\":\"" + LOOPBACK + ":" + openflowPort + "\",\"ssh\":" + ssh
                + ",\"user\":\"" + administrator.user() + "\",\"password\":\"" + administrator.password()
                + "\",\"viewer\":{\"user\":\"" + viewer.user() + "\",\"password\":\"" + viewer.password()
                + "\"},\"pid\":" + pid + "}";
    }

    /**
     * Returns where REST answers.
     *
     * @return the URL up to {@code /onos}
     */
    public String rest() {
        return "http://" + LOOPBACK + ":" + restPort + "/onos";
    }

    /**
     * Returns where REST listens.
     *
     * @return the port
     */
    public int restPort() {
        return restPort;
    }

    /**
     * Returns where switches connect.
     *
     * @return the port
     */
    public int openflowPort() {
        return openflowPort;
    }

    /**
     * Returns where the shell listens.
     *
     * @return the port, if there is a shell
     */
    public OptionalInt sshPort() {
        return sshPort;
    }

    /**
     * Returns who may do everything.
     *
     * @return name and password
     */
    public Credentials administrator() {
        return administrator;
    }

    /**
     * Returns who may read.
     *
     * @return name and password
     */
    public Credentials viewer() {
        return viewer;
    }
}
