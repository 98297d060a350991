package org.ilb.server;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSortedMap;
import java.util.SortedSet;

/** The selection policies that a service can name. */
public final class SelectionPolicies {

    private static final ImmutableSortedMap<String, SelectionPolicy.Factory> BY_NAME =
            ImmutableSortedMap.of(WeightedRoundRobin.NAME, WeightedRoundRobin::new);

    private SelectionPolicies() {}

    /**
     * Returns the names of all policies.
     *
     * @return the names in their order
     */
    public static SortedSet<String> names() {
        return BY_NAME.keySet();
    }

    /**
     * Returns the policy of a name.
     *
     * @param name one of {@link #names()}
     * @return what makes such policies
     * @throws IllegalArgumentException with a sentence that lists the names, if there is no such policy
     */
    public static SelectionPolicy.Factory named(String name) {
        SelectionPolicy.Factory factory = BY_NAME.get(name);
        checkArgument(factory != null, "there is no server selection policy '%s', only %s", name, names());
        return factory;
    }
}
