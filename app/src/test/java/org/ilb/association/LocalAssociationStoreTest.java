package org.ilb.association;

import static org.ilb.association.Associations.OTHER_SERVER;
import static org.ilb.association.Associations.association;
import static org.ilb.association.Associations.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.ilb.Association;
import org.junit.jupiter.api.Test;

class LocalAssociationStoreTest extends AssociationStoreContract {

    @Override
    List<AssociationStore> twoNodes() {
        LocalAssociationStore store = new LocalAssociationStore();
        return List.of(store, store.node());
    }

    @Override
    void settle() {
        // Everything happens at once.
    }

    @Test
    void heldOperationsHappenInOrderWhenTheyAreLetThrough() {
        LocalAssociationStore store = new LocalAssociationStore();
        store.hold(true);
        CompletableFuture<Association> first = store.putIfAbsent(association(1));
        CompletableFuture<Association> second = store.putIfAbsent(association(1, OTHER_SERVER, 8));
        assertFalse(first.isDone());
        assertTrue(store.step());
        assertTrue(first.isDone());
        assertFalse(second.isDone());
        store.hold(false);
        assertEquals(association(1), second.join());
        assertFalse(store.step());
        store.close();
    }

    @Test
    void failsWhenTold() {
        LocalAssociationStore store = new LocalAssociationStore();
        store.fail(true);
        CompletionException failure =
                assertThrows(CompletionException.class, () -> store.get(key(1)).join());
        assertInstanceOf(StoreException.class, failure.getCause());
        store.fail(false);
        assertFalse(store.get(key(1)).join().isPresent());
        store.close();
    }
}
