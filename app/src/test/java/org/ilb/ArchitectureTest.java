package org.ilb;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.ilb.association.DistributedAssociationStore;
import org.junit.jupiter.api.Test;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/**
 * The house as it is meant: data flow one way, bytes → segment → verdict → rules, and the middle knows neither ONOS nor
 * OpenFlow, no clock, no thread, no I/O and no chance.
 */
class ArchitectureTest {

    /** The pure packages; of the association package all but the store that ONOS keeps, and what only that uses. */
    private static final String[] PURE = {
        "org.ilb",
        "org.ilb.election",
        "org.ilb.connection",
        "org.ilb.membership",
        "org.ilb.server",
        "org.ilb.association",
        "org.ilb.bucket",
        "org.ilb.health"
    };

    private static final DescribedPredicate<JavaClass> DISTRIBUTED_STORE = DescribedPredicate.describe(
            "the distributed store",
            type -> type.getName().startsWith(DistributedAssociationStore.class.getName())
                    || type.getName().startsWith("org.ilb.association.Iteration"));

    private static final DescribedPredicate<JavaClass> PURE_CLASSES =
            resideInAnyPackage(PURE).and(not(DISTRIBUTED_STORE)).as("pure classes");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.ilb");

    @Test
    void pureClassesKnowNothingOfOnosButValues() {
        noClasses()
                .that(PURE_CLASSES)
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.onosproject..", "org.onlab..", "org.projectfloodlight..")
                        .and(not(resideInAPackage("org.onlab.packet")))
                        .and(not(belongToAnyOf(DeviceId.class, PortNumber.class, ConnectPoint.class))))
                .check(CLASSES);
    }

    @Test
    void pureClassesKnowNoThreadNoClockNoChanceAndNoOutsideWorld() {
        noClasses()
                .that(PURE_CLASSES)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.io", "java.nio..", "java.net..", "java.time.chrono")
                        .and(not(DescribedPredicate.describe(
                                "memory and values",
                                type -> type.getName().startsWith("java.nio.ByteBuffer")
                                        || type.getName().startsWith("java.nio.Buffer")
                                        || type.getName().startsWith("java.nio.charset.")
                                        || type.getName().equals("java.io.Serializable")))))
                .orShould()
                .dependOnClassesThat(belongToAnyOf(Thread.class, Executor.class, ThreadFactory.class, Random.class))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void theMiddleKnowsNothingOfItsSurroundings() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.ilb.dataplane..",
                        "org.ilb.frontend..",
                        "org.ilb.config..",
                        "org.ilb.cli..",
                        "org.ilb.ui..",
                        "org.ilb.page..",
                        "org.ilb.rest.."))
                .check(CLASSES);
    }

    @Test
    void restCliAndPageCallTheApiOnly() {
        noClasses()
                .that(resideInAnyPackage(
                        "org.ilb.rest..", "org.ilb.cli..", "org.ilb.metrics..", "org.ilb.page..", "org.ilb.ui.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.ilb.dataplane..",
                        "org.ilb.frontend..",
                        "org.ilb.election..",
                        "org.ilb.association..",
                        "org.ilb.connection..",
                        "org.ilb.membership..",
                        "org.ilb.server.."))
                .check(CLASSES);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("org.ilb.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
