package org.ilb.controller.store;

import com.google.common.collect.ImmutableList;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.meter.Meter;
import org.onosproject.net.meter.MeterCellId;
import org.onosproject.net.meter.MeterEvent;
import org.onosproject.net.meter.MeterFailReason;
import org.onosproject.net.meter.MeterFeatures;
import org.onosproject.net.meter.MeterId;
import org.onosproject.net.meter.MeterKey;
import org.onosproject.net.meter.MeterOperation;
import org.onosproject.net.meter.MeterScope;
import org.onosproject.net.meter.MeterStore;
import org.onosproject.net.meter.MeterStoreDelegate;
import org.onosproject.net.meter.MeterStoreResult;
import org.onosproject.store.AbstractStore;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meter store of a controller whose switches have no meters: always empty, and every meter is refused.
 *
 * <p>ONOS's meter manager does not start without a store, and the store in onos-core-dist 2.4.0 lacks methods that the
 * manager of 2.5.6 calls while it starts. The service ranking puts this one before that one. Thread-safe: it has no state.
 */
@Component(immediate = true, service = MeterStore.class, property = "service.ranking:Integer=1000")
public final class NoMeterStore extends AbstractStore<MeterEvent, MeterStoreDelegate> implements MeterStore {

    private static final Logger LOG = LoggerFactory.getLogger(NoMeterStore.class);

    @Override
    public CompletableFuture<MeterStoreResult> addOrUpdateMeter(Meter meter) {
        LOG.warn(
                "Meter {} on {} refused: the embedded controller has no meters", meter.meterCellId(), meter.deviceId());
        return CompletableFuture.completedFuture(MeterStoreResult.fail(MeterFailReason.OUT_OF_METERS));
    }

    @Override
    public CompletableFuture<MeterStoreResult> deleteMeter(Meter meter) {
        return CompletableFuture.completedFuture(MeterStoreResult.success()); // nothing is there already
    }

    @Override
    public MeterStoreResult storeMeterFeatures(MeterFeatures features) {
        return MeterStoreResult.success();
    }

    @Override
    public MeterStoreResult storeMeterFeatures(Collection<MeterFeatures> features) {
        return MeterStoreResult.success();
    }

    @Override
    public MeterStoreResult deleteMeterFeatures(DeviceId deviceId) {
        return MeterStoreResult.success();
    }

    @Override
    public MeterStoreResult deleteMeterFeatures(Collection<MeterFeatures> features) {
        return MeterStoreResult.success();
    }

    @Override
    public Meter updateMeterState(Meter meter) {
        return null; // the contract's answer for a meter that is not stored
    }

    @Override
    public Meter getMeter(MeterKey key) {
        return null;
    }

    @Override
    public Collection<Meter> getAllMeters() {
        return ImmutableList.of();
    }

    @Override
    public Collection<Meter> getAllMeters(DeviceId deviceId) {
        return ImmutableList.of();
    }

    @Override
    public Collection<Meter> getAllMeters(DeviceId deviceId, MeterScope scope) {
        return ImmutableList.of();
    }

    @Override
    public void failedMeter(MeterOperation operation, MeterFailReason reason) {
        LOG.warn("Operation on meter {} failed: {}", operation.meter().meterCellId(), reason);
    }

    @Override
    public void purgeMeter(Meter meter) {}

    @Override
    public MeterCellId allocateMeterId(DeviceId deviceId, MeterScope scope) {
        LOG.warn("No meter id for {}: the embedded controller has no meters", deviceId);
        return null; // as stock answers for a switch that reports no meter table
    }

    @Override
    @Deprecated
    public void freeMeterId(DeviceId deviceId, MeterId meterId) {}

    @Override
    public void purgeMeters(DeviceId deviceId) {}

    @Override
    public void purgeMeters(DeviceId deviceId, ApplicationId appId) {}

    @Override
    public boolean userDefinedIndexMode(boolean enable) {
        return enable;
    }
}
