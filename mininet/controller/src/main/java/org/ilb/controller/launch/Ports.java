package org.ilb.controller.launch;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Finds ports that are free and keeps them for this process.
 *
 * <p>Between the look and the moment when ONOS listens several seconds pass, in which a second controller could look, too.
 * So each port is also reserved by a lock on a file that all controllers of a user share; the lock goes with the process.
 *
 * <p>One for a process. Not thread-safe.
 */
public final class Ports {
    private static final int TRIES = 500;

    private final Path reservations;
    // A lock lives as long as its channel is reachable, and as no other channel on the file is closed by this process.
    private final Map<Integer, FileLock> taken = new HashMap<>();

    /**
     * Makes one.
     *
     * @param reservations a directory that is shared by all controllers that might run at once
     */
    public Ports(Path reservations) {
        this.reservations = reservations;
    }

    /**
     * Takes a port.
     *
     * @param purpose what it is for, to be named when it is taken
     * @param asked the port that it must be, if one was asked for
     * @param preferred where to begin to look otherwise
     * @return the port; it is reserved until this process ends
     * @throws UsageException when the port that was asked for, or every port, is taken
     * @throws IOException when reservations cannot be made
     */
    public int take(String purpose, OptionalInt asked, int preferred) throws UsageException, IOException {
        if (asked.isPresent()) {
            if (isFree(asked.getAsInt()) && reserve(asked.getAsInt())) {
                return asked.getAsInt();
            }
            throw new UsageException(
                    "port " + asked.getAsInt() + " for " + purpose + " is taken by another program on this machine");
        }
        for (int port = preferred; port < preferred + TRIES && port <= 65535; port++) {
            if (isFree(port) && reserve(port)) {
                return port;
            }
        }
        throw new UsageException("no port for " + purpose + " is free from " + preferred + " on");
    }

    /** Tells whether one could listen on the loopback address, with TCP and with UDP. */
    static boolean isFree(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(address)) {
            tcp.setReuseAddress(true); // connections of an earlier run that linger do not matter
            tcp.bind(address);
            return udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean reserve(int port) throws IOException {
        if (taken.containsKey(port)) {
            return false;
        }
        Files.createDirectories(reservations);
        FileChannel channel = FileChannel.open(
                reservations.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return false;
        }
        taken.put(port, lock);
        return true;
    }
}
