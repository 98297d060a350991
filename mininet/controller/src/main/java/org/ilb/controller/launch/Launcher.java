package org.ilb.controller.launch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.main.Main;
import org.ilb.controller.edit.EditAgent;
import org.osgi.framework.launch.Framework;

/**
 * The program behind {@code bin/controller}: prepares a run and becomes Karaf.
 *
 * <p>Exit status: 0 after SIGTERM, 1 when the controller did not start or ended by itself, 2 when the caller can put right
 * what is wrong.
 */
public final class Launcher {
    private static final int REST = 8181;
    private static final int OPENFLOW = 6653;
    private static final int SSH = 8101;
    private static final int CLUSTER = 9876;
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("ilb.patience.seconds", 90));
    private static final long POLL_MILLIS = 100;
    private static final int MOST_SENTENCES = 12;
    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(20);

    // Where the caller looks; System.out and System.err belong to Karaf once it runs.
    private final PrintStream out;
    private final PrintStream err;
    private final Path distribution;
    private final Options options;
    private final RunDirectory directory;

    private Launcher(Path distribution, Options options, PrintStream out, PrintStream err) {
        this.distribution = distribution;
        this.options = options;
        this.out = out;
        this.err = err;
        this.directory = new RunDirectory(options.home());
    }

    /**
     * Runs a controller until it is told to stop.
     *
     * @param words the command line of {@code bin/controller}
     */
    public static void main(String[] words) {
        PrintStream err = System.err;
        try {
            Path distribution = Path.of(System.getProperty("ilb.distribution"));
            Options options = Options.parse(Arrays.asList(words));
            System.exit(new Launcher(distribution, options, System.out, err).run());
        } catch (UsageException e) {
            err.println("controller: " + e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            err.println("controller: " + e);
            System.exit(1);
        }
    }

    private int run() throws UsageException, IOException {
        long begin = System.nanoTime();
        directory.occupy();
        Ports ports = new Ports(Path.of(
                System.getProperty("java.io.tmpdir"), "ilb-controller-ports-" + System.getProperty("user.name")));
        Description description = describe(ports);
        int cluster = ports.take("the distributed stores", OptionalInt.empty(), CLUSTER);
        directory.fill(distribution, description, cluster);
        description.write(options.home());
        setProperties(description);
        OutputStream console =
                new FileOutputStream(directory.logs().resolve("console.log").toFile());
        PrintStream log = new PrintStream(console, true, StandardCharsets.UTF_8);
        System.setOut(log);
        System.setErr(log);

        Main karaf = new Main(new String[0]);
        Thread watch = new Thread(() -> watch(karaf, new Readiness(description), begin), "readiness");
        watch.setDaemon(true);
        try {
            karaf.launch();
            stopOnExit(karaf);
            watch.start();
            karaf.awaitShutdown();
            Files.deleteIfExists(directory.ready());
            return karaf.destroy() ? karaf.getExitCode() : 1;
        } catch (Exception e) { // Karaf's methods say no more than Exception
            e.printStackTrace(log);
            report("Karaf did not start: " + e);
            return 1;
        }
    }

    /** Where to listen: as asked, else as in the last run of this home, else as ONOS does by default or near it. */
    private Description describe(Ports ports) throws UsageException, IOException {
        Optional<Description> last = Description.read(options.home());
        int rest = ports.take(
                "REST", options.restPort(), last.map(Description::restPort).orElse(REST));
        int openflow = ports.take(
                "OpenFlow",
                options.openflowPort(),
                last.map(Description::openflowPort).orElse(OPENFLOW));
        OptionalInt ssh = OptionalInt.empty();
        if (options.shell()) {
            int preferred =
                    last.map(Description::sshPort).orElse(OptionalInt.empty()).orElse(SSH);
            ssh = OptionalInt.of(ports.take("the shell", options.sshPort(), preferred));
        }
        String user = options.user().orElseGet(() -> last.map(Description::administrator)
                .map(Credentials::user)
                .orElse("onos"));
        String password = options.password().orElseGet(() -> last.map(Description::administrator)
                .map(Credentials::password)
                .orElseGet(Credentials::newPassword));
        Credentials viewer =
                last.map(Description::viewer).orElseGet(() -> new Credentials("viewer", Credentials.newPassword()));
        if (viewer.user().equals(user)) {
            viewer = new Credentials(user + "-viewer", viewer.password());
        }
        return new Description(
                rest,
                openflow,
                ssh,
                new Credentials(user, password),
                viewer,
                ProcessHandle.current().pid());
    }

    private void setProperties(Description description) {
        Path base = directory.karaf();
        Path data = base.resolve("data");
        System.setProperty("karaf.home", distribution.resolve("karaf").toString());
        System.setProperty("karaf.base", base.toString());
        System.setProperty("karaf.etc", base.resolve("etc").toString());
        System.setProperty("karaf.data", data.toString());
        System.setProperty("karaf.log", directory.logs().toString());
        System.setProperty("karaf.instances", base.resolve("instances").toString());
        System.setProperty("karaf.startLocalConsole", "false");
        System.setProperty(
                "karaf.startRemoteShell", Boolean.toString(description.sshPort().isPresent()));
        System.setProperty("java.io.tmpdir", data.resolve("tmp").toString());
        System.setProperty(
                "java.util.logging.config.file",
                base.resolve("etc").resolve("java.util.logging.properties").toString());
        // ONOS takes off "file://" and opens the rest as a path.
        System.setProperty("onos.cluster.metadata.uri", "file://" + directory.cluster());
        // Named in the .cfg files of the distribution.
        System.setProperty("ilb.rest.port", Integer.toString(description.restPort()));
        description.sshPort().ifPresent(port -> System.setProperty("ilb.ssh.port", Integer.toString(port)));
    }

    /** SIGTERM is Karaf's; Ctrl-C and the rest come here. */
    private void stopOnExit(Main karaf) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                Files.deleteIfExists(directory.ready());
                                Framework framework = karaf.getFramework();
                                framework.stop();
                                framework.waitForStop(STOP_MILLIS);
                            } catch (Exception e) { // at the very end there is nobody left to tell but the log
                                e.printStackTrace();
                            }
                        },
                        "stop"));
    }

    private void watch(Main karaf, Readiness readiness, long begin) {
        String missing = "nothing was asked yet";
        while (System.nanoTime() - begin < PATIENCE.toNanos()) {
            List<String> missed = EditAgent.missed();
            if (!missed.isEmpty()) {
                giveUp(karaf, "the controller would not be what it should: " + String.join("; ", missed));
                return;
            }
            missing = readiness.missing();
            if (missing.isEmpty()) {
                try {
                    Files.createFile(directory.ready());
                    out.printf("controller: ready after %.1f s%n", (System.nanoTime() - begin) / 1e9);
                    return;
                } catch (IOException e) {
                    giveUp(karaf, e.toString());
                    return;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
        giveUp(karaf, "not ready after " + PATIENCE.toSeconds() + " s: " + missing);
    }

    private void giveUp(Main karaf, String reason) {
        report(reason);
        diagnose(karaf);
        karaf.setExitCode(1);
        try {
            karaf.getFramework().stop();
            karaf.getFramework().waitForStop(STOP_MILLIS);
        } catch (Exception e) {
            err.println("controller: and it did not stop in order: " + e);
        }
        System.exit(1);
    }

    private void diagnose(Main karaf) {
        List<String> sentences = new Diagnosis(karaf.getFramework().getBundleContext()).sentences();
        sentences.stream().limit(MOST_SENTENCES).forEach(sentence -> err.println("controller: " + sentence));
        if (sentences.size() > MOST_SENTENCES) {
            err.println("controller: and " + (sentences.size() - MOST_SENTENCES) + " more of this kind");
        }
    }

    private void report(String reason) {
        err.println("controller: " + reason);
        List<String> lines = new FailureReport(directory.logs()).lines();
        if (lines.isEmpty()) {
            err.println("controller: the logs name no error; they are in " + directory.logs());
            return;
        }
        err.println("controller: from the logs in " + directory.logs() + ":");
        lines.forEach(line -> err.println("  " + line));
    }
}
