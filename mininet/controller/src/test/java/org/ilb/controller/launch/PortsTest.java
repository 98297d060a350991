package org.ilb.controller.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    private static final OptionalInt ANY = OptionalInt.empty();

    @TempDir
    Path reservations;

    @Test
    void anOccupiedPortIsPassedOverAndRefusedWhenAskedFor() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int taken = other.getLocalPort();

            assertNotEquals(taken, new Ports(reservations).take("a test", ANY, taken));
            UsageException refusal = assertThrows(
                    UsageException.class, () -> new Ports(reservations).take("a test", OptionalInt.of(taken), 1));
            assertTrue(refusal.getMessage().contains("port " + taken + " for a test"), refusal.getMessage());
        }
    }

    @Test
    void aPortWithAListenerOnAllAddressesIsNotFree() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            assertEquals(false, Ports.isFree(other.getLocalPort()));
        }
    }

    @Test
    void aPortThatUdpHasIsNotFree() throws Exception {
        // Atomix listens on one number with both.
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertEquals(false, Ports.isFree(other.getLocalPort()));
        }
    }

    @Test
    void noPortIsGivenTwice() throws Exception {
        Ports ports = new Ports(reservations);
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertTrue(given.add(ports.take("a test", ANY, 40000)));
        }
    }

    @Test
    void whatAnotherControllerReservedButDoesNotUseYetIsPassedOver() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        reservations.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            int reserved = Integer.parseInt(said.readLine());

            assertTrue(Ports.isFree(reserved));
            assertNotEquals(reserved, new Ports(reservations).take("a test", ANY, reserved));
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    /** Another controller: takes a port, says which, and waits to be ended. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] words) throws Exception {
            System.out.println(new Ports(Path.of(words[0])).take("a test", ANY, 41000));
            System.in.read();
        }
    }
}
