package org.ilb.controller.shell;

import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.ilb.controller.launch.Description;

/**
 * Runs one command in the shell of a controller.
 *
 * <p>Exit status: the command's own, which Karaf makes 1 when the command throws; 2 when the command could not be run.
 */
public final class ShellClient {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private ShellClient() {}

    /**
     * Runs a command.
     *
     * @param words the controller's home, then the command and its words
     */
    public static void main(String[] words) {
        if (words.length < 2) {
            System.err.println("controller-cli: needs the home of a controller and a command");
            System.exit(2);
        }
        Path home = Path.of(words[0]);
        String command = String.join(" ", Arrays.asList(words).subList(1, words.length));
        try {
            Optional<Description> controller = Description.read(home);
            if (controller.isEmpty()) {
                fail("no controller has been started in " + home);
            } else if (controller.get().sshPort().isEmpty()) {
                fail("the controller in " + home + " was started without a shell");
            } else {
                System.exit(run(controller.get(), command));
            }
        } catch (IOException e) {
            fail("the shell of the controller in " + home + " does not answer (" + e.getMessage() + ")");
        }
    }

    private static void fail(String sentence) {
        System.err.println("controller-cli: " + sentence);
        System.exit(2);
    }

    private static int run(Description controller, String command) throws IOException {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            // It is the loopback address, and the key is made by each controller for itself.
            client.setServerKeyVerifier((session, address, key) -> true);
            client.start();
            try (ClientSession session = client.connect(
                            controller.administrator().user(),
                            "127.0.0.1",
                            controller.sshPort().getAsInt())
                    .verify(PATIENCE.toMillis())
                    .getSession()) {
                session.addPasswordIdentity(controller.administrator().password());
                session.auth().verify(PATIENCE.toMillis());
                try (ChannelExec channel = session.createExecChannel(command + "\n")) {
                    channel.setIn(new ByteArrayInputStream(new byte[0]));
                    channel.setOut(new KeptOpen(System.out));
                    channel.setErr(new KeptOpen(System.err));
                    channel.open().verify(PATIENCE.toMillis());
                    channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0L);
                    Integer status = channel.getExitStatus();
                    return status == null ? 2 : status;
                }
            }
        }
    }

    /** The channel closes what it writes to. */
    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
