package org.ilb.controller.edit;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The Java agent that makes the {@link ClassEdits} when the classes are loaded. Thread-safe. */
public final class EditAgent implements ClassFileTransformer {
    private static final List<String> MISSED = new CopyOnWriteArrayList<>();

    private EditAgent() {}

    /**
     * Called by the JVM before {@code main}, because of {@code -javaagent}.
     *
     * @param arguments none are known
     * @param instrumentation where the agent hooks in
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        // Loaded first: a transformer that makes the JVM load its own classes would be asked about those in turn.
        ClassEdits.all();
        instrumentation.addTransformer(new EditAgent());
    }

    /**
     * Returns what went wrong so far.
     *
     * @return one sentence for each class that could not be edited
     */
    public static List<String> missed() {
        return List.copyOf(MISSED);
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] original) {
        if (className == null) {
            return null;
        }
        Optional<ClassEdit> edit = ClassEdits.of(className);
        if (edit.isEmpty()) {
            return null; // as it is
        }
        try {
            return edit.get().apply(original);
        } catch (EditMissedException e) {
            MISSED.add(e.getMessage());
        } catch (RuntimeException e) {
            // The JVM would swallow it.
            MISSED.add(className + " could not be edited: " + e);
        }
        return null;
    }
}
