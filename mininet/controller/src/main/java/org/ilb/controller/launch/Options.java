package org.ilb.controller.launch;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The command line, understood. Immutable and thread-safe. */
public final class Options {
    private Path home;
    private OptionalInt restPort = OptionalInt.empty();
    private OptionalInt openflowPort = OptionalInt.empty();
    private OptionalInt sshPort = OptionalInt.empty();
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();
    private boolean shell = true;

    private Options() {}

    /**
     * Understands a command line.
     *
     * @param words its words
     * @return the options
     * @throws UsageException when a word is unknown or wrong
     */
    public static Options parse(List<String> words) throws UsageException {
        Options options = new Options();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--home":
                    options.home = Path.of(value(word, rest)).toAbsolutePath().normalize();
                    break;
                case "--rest-port":
                    options.restPort = port(word, rest);
                    break;
                case "--openflow-port":
                    options.openflowPort = port(word, rest);
                    break;
                case "--ssh-port":
                    options.sshPort = port(word, rest);
                    break;
                case "--user":
                    options.user = Optional.of(credential(word, rest));
                    break;
                case "--password":
                    options.password = Optional.of(credential(word, rest));
                    break;
                case "--heap":
                    value(word, rest); // bin/controller has given it to the JVM
                    break;
                case "--no-shell":
                    options.shell = false;
                    break;
                default:
                    throw new UsageException("unknown option " + word + "; --help lists them");
            }
        }
        if (options.home == null) {
            throw new UsageException("--home is missing: the directory for what this run keeps");
        }
        return options;
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static OptionalInt port(String option, Iterator<String> rest) throws UsageException {
        String text = value(option, rest);
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return OptionalInt.of(port);
            }
        }
        throw new UsageException(option + " needs a port between 1 and 65535, not " + text);
    }

    private static String credential(String option, Iterator<String> rest) throws UsageException {
        String text = value(option, rest);
        if (!Credentials.isUsable(text)) {
            throw new UsageException(option + " may hold 1 to 128 letters, digits and . _ ~ @ % + = : / -");
        }
        return text;
    }

    /**
     * Returns where the run keeps what is its own.
     *
     * @return an absolute path
     */
    public Path home() {
        return home;
    }

    /**
     * Returns where REST was asked to listen.
     *
     * @return the port, if one was given
     */
    public OptionalInt restPort() {
        return restPort;
    }

    /**
     * Returns where switches were told to connect to.
     *
     * @return the port, if one was given
     */
    public OptionalInt openflowPort() {
        return openflowPort;
    }

    /**
     * Returns where the shell was asked to listen.
     *
     * @return the port, if one was given
     */
    public OptionalInt sshPort() {
        return sshPort;
    }

    /**
     * Returns the administrator's name.
     *
     * @return the name, if one was given
     */
    public Optional<String> user() {
        return user;
    }

    /**
     * Returns the administrator's password.
     *
     * @return the password, if one was given
     */
    public Optional<String> password() {
        return password;
    }

    /**
     * Returns whether the Karaf shell is wanted.
     *
     * @return false after {@code --no-shell}
     */
    public boolean shell() {
        return shell;
    }
}
