package org.ilb.frontend;

import static org.onlab.util.Tools.groupedThreads;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ilb.Absence;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Rules;
import org.ilb.membership.Authenticator;
import org.ilb.membership.Detector;
import org.ilb.membership.IdMessage;
import org.ilb.membership.ReplayGuard;
import org.onlab.packet.Data;
import org.onlab.packet.Ethernet;
import org.onlab.packet.MacAddress;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DeviceEvent;
import org.onosproject.net.device.DeviceListener;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.packet.PacketService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each ILB send its ID messages through the data plane, takes those that are heard, and says who is out (claim 16).
 *
 * <p>Messages are sent and conclusions drawn on one thread of its own, so that a controller that is busy elsewhere does not
 * delay them, and one that stands still stops both. What is heard is judged on the thread that brings it, and only genuine
 * messages wait for the lock, which is never held for longer than it takes to look at all ILBs once.
 *
 * <p>Thread-safe.
 */
final class Presence implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    /** Conclusions are drawn so many times in a period. */
    private static final int LOOKS = 4;

    private static final ImmutableSet<DeviceEvent.Type> CONNECTION = ImmutableSet.of(
            DeviceEvent.Type.DEVICE_ADDED,
            DeviceEvent.Type.DEVICE_AVAILABILITY_CHANGED,
            DeviceEvent.Type.DEVICE_REMOVED,
            DeviceEvent.Type.DEVICE_SUSPENDED);

    private final DeviceService devices;
    private final MastershipService mastership;
    private final PacketService packets;
    private final Ways ways;
    private final LongSupplier view;
    private final Consumer<Set<IlbId>> whoIsOut;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final LongSupplier wallMillis;

    private final Detector detector;
    private final ReplayGuard guard = new ReplayGuard();
    private final Map<IlbId, Voice> voices = new HashMap<>();
    private final DeviceListener listener = this::deviceChanged;

    private ImmutableMap<IlbId, Ilb> ilbs = ImmutableMap.of();
    private ImmutableMap<IlbId, Absence> out = ImmutableMap.of();
    private volatile Authenticator authenticator = new Authenticator(0);
    private long period = TimeUnit.SECONDS.toNanos(1);
    private long nextSending;
    private long lastEpoch;
    private long stalls;
    private ScheduledExecutorService executor;
    private Future<?> nextTick;

    /** Knows by which port a frame leaves a switch on its way to a MAC address of ours. */
    interface Ways {
        /**
         * Returns the port.
         *
         * @param device the switch
         * @param destination the MAC address
         * @param ingress where the frame came from
         * @return the port, empty while there is no way
         */
        Optional<PortNumber> egress(DeviceId device, MacAddress destination, PortNumber ingress);
    }

    /** What an ILB said last. */
    private static final class Voice {
        private final long epoch;
        private long sequence;

        Voice(long epoch) {
            this.epoch = epoch;
        }
    }

    /**
     * Creates a function that knows of no ILB.
     *
     * @param devices which switches are connected
     * @param mastership which switches are this node's to send from
     * @param packets sends messages
     * @param ways by which port
     * @param view the number of the view in force
     * @param whoIsOut told who is out whenever that changes, in order; must return at once
     * @param tally counts
     * @param nanoTime a clock that only goes forward
     * @param wallMillis the time of day
     */
    Presence(
            DeviceService devices,
            MastershipService mastership,
            PacketService packets,
            Ways ways,
            LongSupplier view,
            Consumer<Set<IlbId>> whoIsOut,
            Tally tally,
            LongSupplier nanoTime,
            LongSupplier wallMillis) {
        this.devices = devices;
        this.mastership = mastership;
        this.packets = packets;
        this.ways = ways;
        this.view = view;
        this.whoIsOut = whoIsOut;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.wallMillis = wallMillis;
        this.detector = new Detector(nanoTime.getAsLong());
    }

    /** Begins to listen to switches that come and go, and to tick. Once only. */
    synchronized void start() {
        executor = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/presence", "ticker", LOG));
        devices.addListener(listener);
        schedule(0);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (executor.isShutdown()) {
                return;
            }
            executor.shutdownNow();
        }
        devices.removeListener(listener);
    }

    /**
     * Puts a configuration in force.
     *
     * @param frontEnd the ILBs and how often they are to be heard
     */
    synchronized void configure(FrontEnd frontEnd) {
        ImmutableMap.Builder<IlbId, Ilb> byId = ImmutableMap.builder();
        frontEnd.ilbs().forEach(ilb -> byId.put(ilb.id(), ilb));
        ilbs = byId.build();
        authenticator = new Authenticator(frontEnd.settings().seed());
        period = frontEnd.settings().idPeriod().toNanos();
        nextSending = nanoTime.getAsLong();
        voices.keySet().retainAll(ilbs.keySet());
        guard.configure(ilbs.keySet());
        detector.configure(ilbs.keySet(), frontEnd.settings(), nanoTime.getAsLong());
        conclude();
        // The next tick may have been due in a former, longer period.
        schedule(0);
    }

    /**
     * Returns why an ILB is out.
     *
     * @param ilb an ILB
     * @return empty if it is in or not configured
     */
    synchronized Optional<Absence> absence(IlbId ilb) {
        return Optional.ofNullable(out.get(ilb));
    }

    /**
     * Takes what an ILB heard. For the packet thread; neither blocks nor throws on any content.
     *
     * @param hearer the ILB that a frame came up from
     * @param payload what the frame carried
     */
    void heard(Ilb hearer, byte[] payload) {
        Optional<IdMessage> message = IdMessage.parse(payload);
        if (message.isEmpty()) {
            tally.add(Count.ID_MALFORMED);
        } else if (!authenticator.isGenuine(payload)) {
            tally.add(Count.ID_FORGED);
        } else if (accept(hearer, message.get())) {
            tally.add(Count.ID_HEARD);
        } else {
            tally.add(Count.ID_REPLAYED);
        }
    }

    private synchronized boolean accept(Ilb hearer, IdMessage message) {
        boolean isNew = message.hearer().equals(hearer.id()) && guard.accept(message);
        if (isNew) {
            detector.heard(message.sender(), message.hearer(), nanoTime.getAsLong());
        }
        return isNew;
    }

    private void deviceChanged(DeviceEvent event) {
        if (CONNECTION.contains(event.type()) && !executor.isShutdown()) {
            executor.execute(this::look);
        }
    }

    private synchronized void look() {
        conclude();
    }

    private void keepTicking() {
        try {
            tick();
        } catch (RuntimeException e) {
            // A switch that goes while it is written to, say; the next tick may do better.
            LOG.warn("ID messages could not be sent", e);
        } finally {
            synchronized (this) {
                schedule(period / LOOKS);
            }
        }
    }

    private void schedule(long delay) {
        if (executor == null || executor.isShutdown()) {
            return;
        }
        if (nextTick != null) {
            nextTick.cancel(false);
        }
        nextTick = executor.schedule(this::keepTicking, delay, TimeUnit.NANOSECONDS);
    }

    /** Sends what is due, and draws the conclusions. */
    void tick() {
        due().forEach(packets::emit);
        look();
    }

    private synchronized List<OutboundPacket> due() {
        List<OutboundPacket> messages = new ArrayList<>();
        long now = nanoTime.getAsLong();
        if (now - nextSending < 0) {
            return messages;
        }
        // In step, but without making up for what was missed.
        nextSending = Math.max(nextSending + period, now + period / 2);
        for (Ilb sender : ilbs.values()) {
            if (voices.containsKey(sender.id()) && mastership.isLocalMaster(sender.device())) {
                Voice voice = voices.get(sender.id());
                voice.sequence++;
                for (IlbId hearer : detector.hearers(sender.id())) {
                    message(sender, voice, ilbs.get(hearer)).ifPresent(messages::add);
                }
            }
        }
        return messages;
    }

    private Optional<OutboundPacket> message(Ilb sender, Voice voice, Ilb hearer) {
        MacAddress to = FabricMac.of(hearer);
        Optional<PortNumber> port = ways.egress(sender.device(), to, PortNumber.CONTROLLER);
        if (port.isEmpty()) {
            return Optional.empty();
        }
        IdMessage message = new IdMessage(sender.id(), hearer.id(), voice.epoch, voice.sequence, view.getAsLong());
        Ethernet frame = new Ethernet();
        frame.setSourceMACAddress(FabricMac.of(sender))
                .setDestinationMACAddress(to)
                .setEtherType(Rules.ID_MESSAGE.toShort())
                .setPayload(new Data(message.sealed(authenticator)));
        tally.add(Count.ID_SENT);
        return Optional.of(new DefaultOutboundPacket(
                sender.device(),
                DefaultTrafficTreatment.builder().setOutput(port.get()).build(),
                ByteBuffer.wrap(frame.serialize())));
    }

    /** Looks which switches are there, and tells who is out if that changed. */
    private void conclude() {
        long now = nanoTime.getAsLong();
        for (Ilb ilb : ilbs.values()) {
            boolean connected = devices.isAvailable(ilb.device());
            if (connected && !voices.containsKey(ilb.id())) {
                begin(ilb);
            } else if (!connected) {
                voices.remove(ilb.id());
            }
            detector.connected(ilb.id(), connected, now);
        }
        ImmutableMap<IlbId, Absence> before = out;
        out = ImmutableMap.copyOf(detector.tick(now));
        count(before);
        if (!out.keySet().equals(before.keySet())) {
            whoIsOut.accept(out.keySet());
        }
    }

    private void begin(Ilb ilb) {
        lastEpoch = Math.max(lastEpoch + 1, wallMillis.getAsLong());
        voices.put(ilb.id(), new Voice(lastEpoch));
        if (mastership.isLocalMaster(ilb.device())) {
            guard.begins(ilb.id(), lastEpoch);
        }
    }

    private void count(Map<IlbId, Absence> before) {
        for (; stalls < detector.stalls(); stalls++) {
            tally.add(Count.ID_STALLS);
            LOG.warn("The controller stood still; nobody's silence counts for a while");
        }
        out.forEach((ilb, why) -> {
            if (!before.containsKey(ilb)) {
                tally.add(Count.ILBS_OUT);
                LOG.info("ILB {} is out: {}", ilb, why);
            }
        });
        for (IlbId ilb : before.keySet()) {
            if (!out.containsKey(ilb) && ilbs.containsKey(ilb)) {
                tally.add(Count.ILBS_BACK);
                LOG.info("ILB {} is in again", ilb);
            }
        }
    }
}
