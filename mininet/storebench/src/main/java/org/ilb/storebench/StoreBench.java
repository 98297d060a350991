package org.ilb.storebench;

import static org.onlab.util.Tools.groupedThreads;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.onosproject.core.CoreService;
import org.onosproject.store.service.StorageService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the measurement once, when it is activated, and knows how it goes. Thread-safe. */
@Component(immediate = true, service = StoreBench.class)
public class StoreBench {

    private static final Logger LOG = LoggerFactory.getLogger(StoreBench.class);

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected CoreService coreService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected StorageService storageService;

    private final Report report = new Report();
    private ExecutorService worker;

    /** Starts to measure. */
    @Activate
    protected void activate() {
        coreService.registerApplication("org.ilb.storebench");
        worker = Executors.newSingleThreadExecutor(groupedThreads("ilb/storebench", "run", LOG));
        worker.execute(this::run);
    }

    /** Stops measuring. */
    @Deactivate
    protected void deactivate() {
        worker.shutdownNow();
    }

    private void run() {
        try {
            new Measurement(storageService, report).run();
            report.done();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            report.failed("it was stopped");
        } catch (RuntimeException e) {
            LOG.warn("The store cannot be measured", e);
            report.failed(e.toString());
        }
    }

    /**
     * Returns how the measurement goes.
     *
     * @return figures so far, and whether there will be more
     */
    Report report() {
        return report;
    }
}
