package org.ilb.frontend;

import java.util.Optional;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.dataplane.rule.Pipeline;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleEvent;
import org.onosproject.net.flow.FlowRuleListener;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.IPCriterion;
import org.onosproject.net.flow.criteria.TcpPortCriterion;

/** Notices that the exact rule of a connection has gone from a switch, mostly because it was idle. Thread-safe. */
final class RuleRemovals implements FlowRuleListener {

    private final ApplicationId application;
    private final FlowRuleService flows;
    private final FrontEndFunction function;

    RuleRemovals(ApplicationId application, FlowRuleService flows, FrontEndFunction function) {
        this.application = application;
        this.flows = flows;
        this.function = function;
    }

    @Override
    public boolean isRelevant(FlowRuleEvent event) {
        return event.type() == FlowRuleEvent.Type.RULE_REMOVED
                && event.subject().appId() == application.id()
                && Pipeline.isExact(event.subject());
    }

    @Override
    public void event(FlowRuleEvent event) {
        FlowRule rule = event.subject();
        Ilb ilb = function.enrolment().ilb(rule.deviceId());
        // The event may be late: a segment may have brought the rule back since.
        FlowEntry entry = flows.getFlowEntry(rule);
        boolean back = entry != null
                && (entry.state() == FlowEntry.FlowEntryState.ADDED
                        || entry.state() == FlowEntry.FlowEntryState.PENDING_ADD);
        if (ilb != null && !back) {
            key(rule.selector()).ifPresent(key -> function.path().ruleRemoved(ilb.id(), key, rule));
        }
    }

    /** The connection that an exact rule matches. */
    static Optional<FlowKey> key(TrafficSelector selector) {
        IPCriterion destination = (IPCriterion) selector.getCriterion(Criterion.Type.IPV4_DST);
        IPCriterion source = (IPCriterion) selector.getCriterion(Criterion.Type.IPV4_SRC);
        TcpPortCriterion destinationPort = (TcpPortCriterion) selector.getCriterion(Criterion.Type.TCP_DST);
        TcpPortCriterion sourcePort = (TcpPortCriterion) selector.getCriterion(Criterion.Type.TCP_SRC);
        if (destination == null || source == null || destinationPort == null || sourcePort == null) {
            return Optional.empty();
        }
        return Optional.of(FlowKey.of(
                destination.ip().address().getIp4Address().toInt(),
                destinationPort.tcpPort().toInt(),
                source.ip().address().getIp4Address().toInt(),
                sourcePort.tcpPort().toInt()));
    }
}
