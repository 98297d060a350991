package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.onlab.packet.IpAddress;
import org.onosproject.net.DeviceId;

/**
 * What holds for the whole front-end function.
 *
 * <p>Immutable and thread-safe.
 */
public final class Settings {

    private final ScoreKind score;
    private final long seed;
    private final ImmutableSet<IpAddress> gateways;
    private final Duration storeWait;
    private final Duration ruleIdle;
    private final Duration associationIdle;
    private final int maxAssociations;
    private final int cacheSize;
    private final boolean synFlags;
    private final ImmutableSet<DeviceId> singleTable;
    private final boolean endFlags;
    private final Duration linger;
    private final Duration embryonic;
    private final int maxRules;
    private final Duration idPeriod;
    private final int idMisses;
    private final int idHearers;
    private final Duration holdDown;

    private Settings(Builder builder) {
        this.score = checkNotNull(builder.score);
        this.seed = builder.seed;
        this.gateways = ImmutableSet.copyOf(builder.gateways);
        this.storeWait = checkNotNull(builder.storeWait);
        this.ruleIdle = checkNotNull(builder.ruleIdle);
        this.associationIdle = checkNotNull(builder.associationIdle);
        this.maxAssociations = builder.maxAssociations;
        this.cacheSize = builder.cacheSize;
        this.synFlags = builder.synFlags;
        this.singleTable = ImmutableSet.copyOf(builder.singleTable);
        this.endFlags = builder.endFlags;
        this.linger = checkNotNull(builder.linger);
        this.embryonic = checkNotNull(builder.embryonic);
        this.maxRules = builder.maxRules;
        this.idPeriod = checkNotNull(builder.idPeriod);
        this.idMisses = builder.idMisses;
        this.idHearers = builder.idHearers;
        this.holdDown = checkNotNull(builder.holdDown);
        checkArgument(maxAssociations > 0, "maxAssociations %s is not positive", maxAssociations);
        checkArgument(cacheSize >= 0, "cacheSize %s is negative", cacheSize);
        checkArgument(maxRules > 0, "maxRules %s is not positive", maxRules);
        checkArgument(idMisses > 1, "idMisses %s is less than 2", idMisses);
        checkArgument(idHearers >= 0, "idHearers %s is negative", idHearers);
    }

    /**
     * Returns a builder with the defaults.
     *
     * @param seed the secret that keys the scores
     * @return a new builder
     */
    public static Builder builder(long seed) {
        return new Builder(seed);
    }

    /**
     * Returns how connections are scored.
     *
     * @return the kind of score, {@code CRC32_MIXED} by default
     */
    public ScoreKind score() {
        return score;
    }

    /**
     * Returns the secret that keys the scores.
     *
     * @return 64 bits
     */
    public long seed() {
        return seed;
    }

    /**
     * Returns the gateway addresses that servers use and that this function answers for.
     *
     * @return the addresses, perhaps none
     */
    public Set<IpAddress> gateways() {
        return gateways;
    }

    /**
     * Returns how long a SYN waits for the durable write of its association at most.
     *
     * @return 100 ms by default
     */
    public Duration storeWait() {
        return storeWait;
    }

    /**
     * Returns after how long without a segment the exact rule of a connection leaves the flow table.
     *
     * @return 5 minutes by default; the next segment then costs one packet-in
     */
    public Duration ruleIdle() {
        return ruleIdle;
    }

    /**
     * Returns how long an association outlives its last rule.
     *
     * @return 1 hour by default
     */
    public Duration associationIdle() {
        return associationIdle;
    }

    /**
     * Returns how many associations there may be; further SYNs are dropped and counted.
     *
     * @return 1,000,000 by default
     */
    public int maxAssociations() {
        return maxAssociations;
    }

    /**
     * Returns how many associations an ILB caches that it neither owns nor backs up (claim 12).
     *
     * @return 10,000 by default, 0 for no cache (claim 15)
     */
    public int cacheSize() {
        return cacheSize;
    }

    /**
     * Tells whether rules that match TCP flags may punt clients' SYNs, where the switch can.
     *
     * @return true by default
     */
    public boolean synFlags() {
        return synFlags;
    }

    /**
     * Returns the switches that have one flow table only, besides those of which ONOS can tell.
     *
     * @return the switches, ILBs or not, perhaps none
     */
    public Set<DeviceId> singleTable() {
        return singleTable;
    }

    /**
     * Tells whether rules that match TCP flags may copy FINs and RSTs to the controller, where the switch can.
     *
     * @return true by default; without them idle time ends connections
     */
    public boolean endFlags() {
        return endFlags;
    }

    /**
     * Returns how long an association outlives its connection: both FINs or an RST were seen and nothing was since.
     *
     * @return 10 s by default
     */
    public Duration linger() {
        return linger;
    }

    /**
     * Returns how long a client may take to answer its server before the association goes.
     *
     * @return 10 s by default
     */
    public Duration embryonic() {
        return embryonic;
    }

    /**
     * Returns how many exact rules an ILB may have; the least recently used make room for others.
     *
     * @return 100,000 by default
     */
    public int maxRules() {
        return maxRules;
    }

    /**
     * Returns how often each ILB sends ID messages (claim 16).
     *
     * @return 200 ms by default
     */
    public Duration idPeriod() {
        return idPeriod;
    }

    /**
     * Returns how many periods an ILB may be silent before a hearer misses it.
     *
     * @return 5 by default
     */
    public int idMisses() {
        return idMisses;
    }

    /**
     * Returns how many others hear each ILB.
     *
     * @return 3 by default, 0 for no ID messages: then only a switch's connection tells whether it is in
     */
    public int idHearers() {
        return idHearers;
    }

    /**
     * Returns how long an ILB that went out again soon after it came in is kept out at first; each further time twice as long.
     *
     * @return 5 s by default
     */
    public Duration holdDown() {
        return holdDown;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                score,
                seed,
                gateways,
                storeWait,
                ruleIdle,
                associationIdle,
                maxAssociations,
                cacheSize,
                synFlags,
                singleTable,
                endFlags,
                linger,
                embryonic,
                maxRules,
                idPeriod,
                idMisses,
                idHearers,
                holdDown);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Settings)) {
            return false;
        }
        Settings that = (Settings) other;
        return score == that.score
                && seed == that.seed
                && gateways.equals(that.gateways)
                && storeWait.equals(that.storeWait)
                && ruleIdle.equals(that.ruleIdle)
                && associationIdle.equals(that.associationIdle)
                && maxAssociations == that.maxAssociations
                && cacheSize == that.cacheSize
                && synFlags == that.synFlags
                && singleTable.equals(that.singleTable)
                && endFlags == that.endFlags
                && linger.equals(that.linger)
                && embryonic.equals(that.embryonic)
                && maxRules == that.maxRules
                && idPeriod.equals(that.idPeriod)
                && idMisses == that.idMisses
                && idHearers == that.idHearers
                && holdDown.equals(that.holdDown);
    }

    @Override
    public String toString() {
        // The seed is a secret: who knows it can aim connections at one ILB.
        return MoreObjects.toStringHelper(this)
                .add("score", score)
                .add("gateways", gateways)
                .add("storeWait", storeWait)
                .add("ruleIdle", ruleIdle)
                .add("associationIdle", associationIdle)
                .add("maxAssociations", maxAssociations)
                .add("cacheSize", cacheSize)
                .add("synFlags", synFlags)
                .add("singleTable", singleTable)
                .add("endFlags", endFlags)
                .add("linger", linger)
                .add("embryonic", embryonic)
                .add("maxRules", maxRules)
                .add("idPeriod", idPeriod)
                .add("idMisses", idMisses)
                .add("idHearers", idHearers)
                .add("holdDown", holdDown)
                .toString();
    }

    /** Builds settings, starting from the defaults. Not thread-safe. */
    public static final class Builder {

        private final long seed;
        private ScoreKind score = ScoreKind.CRC32_MIXED;
        private Set<IpAddress> gateways = ImmutableSet.of();
        private Duration storeWait = Duration.ofMillis(100);
        private Duration ruleIdle = Duration.ofMinutes(5);
        private Duration associationIdle = Duration.ofHours(1);
        private int maxAssociations = 1_000_000;
        private int cacheSize = 10_000;
        private boolean synFlags = true;
        private Set<DeviceId> singleTable = ImmutableSet.of();
        private boolean endFlags = true;
        private Duration linger = Duration.ofSeconds(10);
        private Duration embryonic = Duration.ofSeconds(10);
        private int maxRules = 100_000;
        private Duration idPeriod = Duration.ofMillis(200);
        private int idMisses = 5;
        private int idHearers = 3;
        private Duration holdDown = Duration.ofSeconds(5);

        private Builder(long seed) {
            this.seed = seed;
        }

        /**
         * Sets how connections are scored.
         *
         * @param kind the kind of score
         * @return this
         */
        public Builder score(ScoreKind kind) {
            this.score = kind;
            return this;
        }

        /**
         * Sets the gateway addresses that servers use.
         *
         * @param addresses the addresses
         * @return this
         */
        public Builder gateways(Set<IpAddress> addresses) {
            this.gateways = addresses;
            return this;
        }

        /**
         * Sets how long a SYN waits for the durable write of its association.
         *
         * @param time the longest wait
         * @return this
         */
        public Builder storeWait(Duration time) {
            this.storeWait = time;
            return this;
        }

        /**
         * Sets after how long without a segment an exact rule goes.
         *
         * @param time the idle time
         * @return this
         */
        public Builder ruleIdle(Duration time) {
            this.ruleIdle = time;
            return this;
        }

        /**
         * Sets how long an association outlives its last rule.
         *
         * @param time the idle time
         * @return this
         */
        public Builder associationIdle(Duration time) {
            this.associationIdle = time;
            return this;
        }

        /**
         * Sets how many associations there may be.
         *
         * @param count at least 1
         * @return this
         */
        public Builder maxAssociations(int count) {
            this.maxAssociations = count;
            return this;
        }

        /**
         * Sets how many associations each ILB caches.
         *
         * @param count 0 for no cache
         * @return this
         */
        public Builder cacheSize(int count) {
            this.cacheSize = count;
            return this;
        }

        /**
         * Sets whether rules that match TCP flags may be used.
         *
         * @param use true to use them where the switch can
         * @return this
         */
        public Builder synFlags(boolean use) {
            this.synFlags = use;
            return this;
        }

        /**
         * Sets which switches have one flow table only.
         *
         * @param devices the switches
         * @return this
         */
        public Builder singleTable(Set<DeviceId> devices) {
            this.singleTable = devices;
            return this;
        }

        /**
         * Sets whether FINs and RSTs may be copied to the controller.
         *
         * @param value true to have them copied where the switch can
         * @return this
         */
        public Builder endFlags(boolean value) {
            this.endFlags = value;
            return this;
        }

        /**
         * Sets how long an association outlives its connection.
         *
         * @param value the time
         * @return this
         */
        public Builder linger(Duration value) {
            this.linger = value;
            return this;
        }

        /**
         * Sets how long a client may take to answer its server.
         *
         * @param value the time
         * @return this
         */
        public Builder embryonic(Duration value) {
            this.embryonic = value;
            return this;
        }

        /**
         * Sets how many exact rules an ILB may have.
         *
         * @param value at least 1
         * @return this
         */
        public Builder maxRules(int value) {
            this.maxRules = value;
            return this;
        }

        /**
         * Sets how often each ILB sends ID messages.
         *
         * @param value the period
         * @return this
         */
        public Builder idPeriod(Duration value) {
            this.idPeriod = value;
            return this;
        }

        /**
         * Sets how many periods an ILB may be silent.
         *
         * @param value at least 2
         * @return this
         */
        public Builder idMisses(int value) {
            this.idMisses = value;
            return this;
        }

        /**
         * Sets how many others hear each ILB.
         *
         * @param value 0 for no ID messages
         * @return this
         */
        public Builder idHearers(int value) {
            this.idHearers = value;
            return this;
        }

        /**
         * Sets how long an ILB that flaps is kept out at first.
         *
         * @param value the time
         * @return this
         */
        public Builder holdDown(Duration value) {
            this.holdDown = value;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @return immutable settings
         */
        public Settings build() {
            return new Settings(this);
        }
    }
}
