package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Optional;
import org.onlab.packet.IpPrefix;

/**
 * Which associations are meant: those that fulfil every condition that was set.
 *
 * <p>Immutable and thread-safe.
 */
public final class AssociationFilter {

    /** Every association. */
    public static final AssociationFilter ALL = new AssociationFilter(null, null, null, null, null, null);

    private final Endpoint service;
    private final Endpoint server;
    private final IlbId owner;
    private final IlbId backup;
    private final IpPrefix clients;
    private final Integer clientPort;

    private AssociationFilter(
            Endpoint service, Endpoint server, IlbId owner, IlbId backup, IpPrefix clients, Integer clientPort) {
        this.service = service;
        this.server = server;
        this.owner = owner;
        this.backup = backup;
        this.clients = clients;
        this.clientPort = clientPort;
    }

    /**
     * Selects the associations of one service.
     *
     * @param endpoint the virtual address and port
     * @return the filter
     */
    public static AssociationFilter ofService(Endpoint endpoint) {
        return ALL.service(endpoint);
    }

    /**
     * Narrows to one service.
     *
     * @param endpoint the virtual address and port
     * @return a narrower filter
     */
    public AssociationFilter service(Endpoint endpoint) {
        return new AssociationFilter(checkNotNull(endpoint), server, owner, backup, clients, clientPort);
    }

    /**
     * Narrows to one server.
     *
     * @param endpoint the server's address and port
     * @return a narrower filter
     */
    public AssociationFilter server(Endpoint endpoint) {
        return new AssociationFilter(service, checkNotNull(endpoint), owner, backup, clients, clientPort);
    }

    /**
     * Narrows to one owner.
     *
     * @param ilb the ILB
     * @return a narrower filter
     */
    public AssociationFilter owner(IlbId ilb) {
        return new AssociationFilter(service, server, checkNotNull(ilb), backup, clients, clientPort);
    }

    /**
     * Narrows to one backup.
     *
     * @param ilb the ILB
     * @return a narrower filter
     */
    public AssociationFilter backup(IlbId ilb) {
        return new AssociationFilter(service, server, owner, checkNotNull(ilb), clients, clientPort);
    }

    /**
     * Narrows to connections of some clients; buckets have none.
     *
     * @param prefix the clients' addresses
     * @return a narrower filter
     */
    public AssociationFilter clients(IpPrefix prefix) {
        return new AssociationFilter(service, server, owner, backup, checkNotNull(prefix), clientPort);
    }

    /**
     * Narrows to connections from one port of their clients; buckets have none.
     *
     * @param port the port
     * @return a narrower filter
     */
    public AssociationFilter clientPort(int port) {
        return new AssociationFilter(service, server, owner, backup, clients, port);
    }

    /**
     * Returns the service whose associations are wanted.
     *
     * @return its virtual address and port, empty for all
     */
    public Optional<Endpoint> service() {
        return Optional.ofNullable(service);
    }

    /**
     * Tells whether an association is meant.
     *
     * @param association any association
     * @return true if it fulfils every condition
     */
    public boolean matches(Association association) {
        FlowKey key = association.key();
        return (service == null || key.destination().equals(service))
                && (server == null || association.server().equals(server))
                && (owner == null || association.owner().equals(owner))
                && (backup == null
                        || association.backup().filter(backup::equals).isPresent())
                && (clients == null && clientPort == null || isOfClient(key));
    }

    private boolean isOfClient(FlowKey key) {
        return !key.isBucket()
                && (clientPort == null || key.sourcePort() == clientPort)
                && (clients == null || clients.contains(key.source().address()));
    }
}
