package org.ilb.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestTest {

    private static final String ELECTION = "?destination=203.0.113.10:80&source=198.51.100.7:40001";

    private static RestServer server;

    @BeforeAll
    static void start() {
        server = new RestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void configure() {
        server.serve(new SampleIlb(true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "services/web | {'name':'web','address':'203.0.113.10','port':80,'policy':'weighted-round-robin',"
                        + "'handOff':'direct','unknown':'reset','granularity':'connection','direct':['10.9.0.0/16'],'servers':["
                        + "{'address':'10.0.1.1','port':8080,'weight':3,'location':'of:00000000000000a1/1',"
                        + "'mac':'00:00:00:00:01:01','state':'enabled','connections':4,'health':{'state':'unchecked'}},"
                        + "{'address':'10.0.1.2','port':8080,'weight':1,'state':'draining','drainUntil':'2030-01-31T18:00:00Z',"
                        + "'connections':1,'health':{'state':'down','since':'2026-01-02T03:04:05Z','reason':'status 503'}}],"
                        + "'backups':[{'address':'10.0.1.9','port':8080,'weight':1,'state':'enabled','connections':1,"
                        + "'health':{'state':'unknown'}}],'onFailure':'reset','return':'nat','connections':6}",
                "servers?service=web&health=down | {'servers':[{'service':'web','backup':false,'address':'10.0.1.2',"
                        + "'port':8080,'weight':1,'state':'draining','drainUntil':'2030-01-31T18:00:00Z','connections':1,"
                        + "'health':{'state':'down','since':'2026-01-02T03:04:05Z','reason':'status 503'}}]}",
                "servers?state=enabled&health=unknown | {'servers':[{'service':'web','backup':true,'address':'10.0.1.9',"
                        + "'port':8080,'weight':1,'state':'enabled','connections':1,'health':{'state':'unknown'}}]}",
                "servers?state=disabled | {'servers':[]}",
                "ilbs/10.0.2.1 | {'device':'of:0000000000000001','id':'10.0.2.1','address':'10.0.2.1',"
                        + "'uplink':{'port':1,'nextHop':'10.0.2.254'},'drain':false,'in':true,'connected':true,'owned':5,'backedUp':0,"
                        + "'cached':7,'rules':4}",
                "associations?limit=2 | {'total':5,'offset':0,'limit':2,'associations':["
                        + "{'source':'198.51.100.7:40001','destination':'203.0.113.10:80','server':'10.0.1.1:8080',"
                        + "'owner':'10.0.2.1','backup':'10.0.2.2','receiver':'10.0.2.2',"
                        + "'state':'established','view':3},"
                        + "{'source':'198.51.100.7:40002','destination':'203.0.113.10:80','server':'10.0.1.1:8080',"
                        + "'owner':'10.0.2.1','backup':null,'receiver':null,'state':'embryonic','view':3}]}",
                "elect?destination=203.0.113.10:80&source=198.51.100.7:40001 | {'source':'198.51.100.7:40001',"
                        + "'destination':'203.0.113.10:80','view':3,'owner':'10.0.2.2','backup':'10.0.2.1','scores':["
                        + "{'ilb':'10.0.2.2','score':'ffffffffffffffff'},{'ilb':'10.0.2.1','score':'0000000000009c41'}]}",
                "views | {'views':[{'number':3,'members':['10.0.2.1'],'since':'2026-01-02T03:04:05.678Z'},"
                        + "{'number':2,'members':['10.0.2.1','10.0.2.2'],'since':'2026-01-01T00:00:00Z'}]}",
                "view | {'number':3,'members':['10.0.2.1']}",
                "settings | {'score':'CRC32_MIXED','gateways':[],'storeWait':100,'ruleIdle':300,'associationIdle':3600,"
                        + "'maxAssociations':1000000,'cacheSize':10000,'synFlags':true,'singleTable':[],'endFlags':true,"
                        + "'linger':10,'embryonic':10,'maxRules':100000,'idPeriod':200,'idMisses':5,'idHearers':3,"
                        + "'holdDown':5}",
                "elect?destination=203.0.113.10:8000&source=198.51.100.7:40002 | {'source':'198.51.100.7:40002',"
                        + "'destination':'203.0.113.10:8000','bucket':1,'view':3,'owner':'10.0.2.2','backup':'10.0.2.1',"
                        + "'scores':[{'ilb':'10.0.2.2','score':'ffffffffffffffff'},"
                        + "{'ilb':'10.0.2.1','score':'0000000000000002'}]}",
                "services/bulk/buckets | {'service':'bulk','count':3,'portMask':'0x001e',"
                        + "'states':{'unbound':1,'settled':1,'preparing':0,'moving':1,'pinning':0,'pinned':0},"
                        + "'servers':[{'server':'10.0.1.1:8000','weight':2,'buckets':2}],'buckets':["
                        + "{'index':0,'state':'unbound','server':null,'next':null,'owner':null,'backup':null,"
                        + "'pins':0,'packets':0,'bytes':0},"
                        + "{'index':1,'state':'settled','server':'10.0.1.1:8000','next':null,'owner':'10.0.2.1',"
                        + "'backup':'10.0.2.2','pins':0,'packets':10,'bytes':800},"
                        + "{'index':2,'state':'moving','server':'10.0.1.3:8000','next':'10.0.1.1:8000','owner':'10.0.2.1',"
                        + "'backup':null,'pins':7,'packets':20,'bytes':1600}]}",
                "counters | {'counters':{'hand-offs':2,'packet-ins':5}}",
                "statistics | {'since':'2026-01-01T00:00:00Z','at':'2026-01-02T03:04:05.678Z','services':["
                        + "{'name':'web','active':5,'opened':8,'refused':2,'packetIns':9,"
                        + "'received':{'packets':80,'bytes':7800},'sent':{'packets':50,'bytes':50000},'servers':["
                        + "{'server':'10.0.1.1:8080','active':4,'opened':6,'received':{'packets':70,'bytes':7000},"
                        + "'sent':{'packets':50,'bytes':50000},'healthTransitions':3},"
                        + "{'server':'10.0.1.2:8080','active':1,'opened':2,'received':{'packets':10,'bytes':800},"
                        + "'sent':{'packets':0,'bytes':0},'healthTransitions':0}]},"
                        + "{'name':'bulk','active':0,'opened':0,'refused':0,'packetIns':0,"
                        + "'received':{'packets':5,'bytes':400},'sent':{'packets':4,'bytes':4000},'servers':["
                        + "{'server':'10.0.1.1:8000','active':0,'opened':0,'received':{'packets':5,'bytes':400},"
                        + "'sent':{'packets':4,'bytes':4000},'healthTransitions':0}]}],'ilbs':["
                        + "{'id':'10.0.2.1','opened':7,'refused':2,'packetIns':8,'handOffs':3,'cacheHits':1,"
                        + "'received':{'packets':60,'bytes':6000},"
                        + "'decisions':{'count':10,'meanMillis':0.8,'p50Millis':0.5}},"
                        + "{'id':'10.0.2.2','opened':1,'refused':0,'packetIns':1,'handOffs':0,'cacheHits':0,"
                        + "'received':{'packets':25,'bytes':2200},'decisions':{'count':0}}],"
                        + "'storeWrites':{'count':10,'meanMillis':0.8,'p50Millis':0.5},'settingUp':1}"
            })
    void answers(String path, String json) throws IOException {
        RestServer.Answer answer = server.get(path);
        assertEquals(200, answer.status, answer.body);
        assertEquals("application/json", answer.type);
        assertEquals(new ObjectMapper().readTree(json.replace('\'', '"')), answer.json());
    }

    @Test
    void metricsAreText() {
        RestServer.Answer answer = server.get("metrics");
        assertEquals(200, answer.status, answer.body);
        assertTrue(answer.type.matches("text/plain;(.*;)? *version=0\\.0\\.4(;.*)?"), answer.type);
        assertTrue(
                answer.body.contains(
                        "\nilb_server_received_bytes_total{service=\"web\",server=\"10.0.1.1:8080\"} 7000\n"),
                answer.body);
        fails(400, "metrics?format=json", "unknown parameter format; there are none here");
        assertEquals(403, server.call("GET", "metrics", "guest").status);
    }

    @Test
    void listsAll() {
        JsonNode services = server.get("services").json().path("services");
        assertEquals(3, services.size());
        assertEquals(server.get("services/web").json(), services.get(0));
        assertFalse(
                services.get(1).path("servers").get(0).has("mac"), "of a server that has just gone nothing is known");
        JsonNode servers = server.get("servers").json().path("servers");
        assertEquals(5, servers.size());
        assertEquals("api", servers.get(3).path("service").asText());
        JsonNode ilbs = server.get("ilbs").json();
        assertEquals(3, ilbs.path("view").asInt());
        assertEquals(server.get("ilbs/10.0.2.2").json(), ilbs.path("ilbs").get(1));
        assertEquals("away", ilbs.path("ilbs").get(1).path("absence").asText());
    }

    @Test
    void pagesJoinToTheWhole() {
        JsonNode whole = server.get("associations").json().path("associations");
        assertEquals(5, whole.size());
        for (int offset = 0; offset < 5; offset++) {
            JsonNode page = server.get("associations?limit=1&offset=" + offset).json();
            assertEquals(5, page.path("total").asInt());
            assertEquals(whole.get(offset), page.path("associations").get(0));
        }
        JsonNode beyond =
                server.get("associations?offset=2147483647&limit=1000").json();
        assertEquals(5, beyond.path("total").asInt());
        assertEquals(0, beyond.path("associations").size());
        assertEquals(
                1, server.get("associations?service=api").json().path("total").asInt());
    }

    @ParameterizedTest
    @CsvSource({
        "service=api, 1",
        "server=10.0.1.1:8080, 5",
        "server=10.0.1.1:8081, 0",
        "owner=10.0.2.1, 5",
        "owner=10.0.2.2, 0",
        "owner=3, 0",
        "backup=10.0.2.2, 1",
        "client=198.51.100.7, 5",
        "client=198.51.100.8, 0",
        "client=198.51.100.0/24, 5",
        "client=0.0.0.0/0, 5",
        "client=198.51.100.7:40003, 1",
        "client=198.51.100.7:40003&service=api, 0",
        "client=198.51.100.7:40001&service=web&server=10.0.1.1:8080&owner=10.0.2.1&backup=10.0.2.2, 1"
    })
    void whatIsFilteredCanBeEnded(String filter, int count) {
        JsonNode page = server.get("associations?" + filter).json();
        assertEquals(count, page.path("total").asInt());
        assertEquals(count, page.path("associations").size());
        assertEquals(403, server.call("DELETE", "associations?" + filter, "viewer").status);
        RestServer.Answer ended = server.call("DELETE", "associations?" + filter, "viewer,admin");
        assertEquals("{\"ended\":" + count + "}", ended.body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " | which? give at least one of service, server, owner, backup, client; client=0.0.0.0/0 is all",
                "limit=1 | unknown parameter limit; there are service, server, owner, backup, client",
                "client= | client is ''; it must be an IPv4 address, a prefix such as 10.0.0.0/24 or address:port",
                "service=web&service=api | service is given 2 times; once is enough"
            },
            quoteCharacter = '`')
    void whatIsToBeEndedMustBeNamed(String filter, String sentence) {
        RestServer.Answer answer =
                server.call("DELETE", "associations" + (filter == null ? "" : "?" + filter), "viewer,admin");
        assertEquals(400, answer.status, answer.body);
        assertEquals(sentence, answer.json().path("detail").asText());
        assertEquals(404, server.call("DELETE", "associations?service=none", "viewer,admin").status);
    }

    @Test
    void onlyAnAdministratorSeesTheSeed() {
        assertFalse(server.call("GET", "settings", "viewer").body.contains("seed"));
        assertEquals(
                "000000000000feed",
                server.call("GET", "settings", "viewer,admin")
                        .json()
                        .path("seed")
                        .asText());
    }

    @Test
    void whoMayNotReadIsForbidden() {
        for (String path :
                new String[] {"services", "ilbs", "associations", "view", "settings", "counters", "statistics"}) {
            assertEquals(403, server.call("GET", path, "guest").status, path);
        }
    }

    @Test
    void statusCannotBeWritten() {
        for (String method : new String[] {"POST", "PUT", "DELETE"}) {
            RestServer.Answer answer = server.call(method, "services/web", "viewer,admin");
            assertEquals(405, answer.status, method);
            assertTrue(answer.allow.contains("GET"), answer.allow);
            assertEquals(
                    "this path has no such method", answer.json().path("detail").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "associations?limit=0 | limit is '0'; it must be a whole number from 1 to 1000",
                "associations?limit=1001 | limit is '1001'; it must be a whole number from 1 to 1000",
                "associations?limit= | limit is ''; it must be a whole number from 1 to 1000",
                "associations?offset=-1 | offset is '-1'; it must be a whole number from 0 up",
                "associations?offset=1e3 | offset is '1e3'; it must be a whole number from 0 up",
                "associations?offset=99999999999 | offset is '99999999999'; it must be a whole number from 0 up",
                "associations?sevice=web | unknown parameter sevice; there are offset, limit, service, server, owner, "
                        + "backup, client",
                "associations?limit=1&limit=2 | limit is given 2 times; once is enough",
                "associations?server=web | server is 'web'; it must be address:port such as 10.0.0.1:80",
                "associations?owner=x | owner is 'x'; it must be an ILB's address or index",
                "associations?backup= | backup is ''; it must be an ILB's address or index",
                "associations?client=10.0.0.0/33 | client is '10.0.0.0/33'; it must be an IPv4 address, a prefix such as "
                        + "10.0.0.0/24 or address:port",
                "associations?client=10.0.0.1:x | client is '10.0.0.1:x'; it must be an IPv4 address, a prefix such as "
                        + "10.0.0.0/24 or address:port",
                "statistics?service=web | unknown parameter service; there are none here",
                "services?name=web | unknown parameter name; there are none here",
                "servers?service=web&service=web | service is given 2 times; once is enough",
                "servers?health=ill | health is 'ill'; it must be one of unchecked, unknown, up, down",
                "servers?health= | health is ''; it must be one of unchecked, unknown, up, down",
                "servers?state=UP | state is 'UP'; it must be one of enabled, draining, disabled",
                "servers?name=web | unknown parameter name; there are service, state, health",
                "services/bulk/buckets?state=moving | unknown parameter state; there are none here",
                "ilbs/one | 'one' is neither an address nor an index of 0 or more",
                "ilbs/-1 | '-1' is neither an address nor an index of 0 or more",
                "ilbs/1.2.3 | '1.2.3' is neither an address nor an index of 0 or more",
                "elect | destination is missing; it must be address:port such as 10.0.0.1:80",
                "elect?destination=203.0.113.10:80 | source is missing; it must be address:port such as 10.0.0.1:80",
                "elect?destination=203.0.113.10 | destination is '203.0.113.10'; it must be address:port such as "
                        + "10.0.0.1:80",
                "elect?destination=web:80 | destination is 'web:80'; it must be address:port such as 10.0.0.1:80",
                "elect?destination=203.0.113.10:0 | destination is '203.0.113.10:0'; it must be address:port such as "
                        + "10.0.0.1:80",
                "elect?destination=[::1]:80 | destination is '[::1]:80'; its address must be IPv4",
                "elect?destination= | destination is ''; it must be address:port such as 10.0.0.1:80"
            },
            quoteCharacter = '`')
    void whatCannotBeUnderstoodIsABadRequest(String path, String sentence) {
        fails(400, path.replace("[", "%5B").replace("]", "%5D"), sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "services/none/buckets | there is no service 'none'",
                "services/web/buckets | service 'web' has no buckets; its granularity is connection",
                "services/none | there is no service 'none'",
                "services/%22%3Cx%3E | there is no service '\"<x>'",
                "ilbs/10.0.2.3 | there is no ILB '10.0.2.3'",
                "ilbs/1 | there is no ILB '1'",
                "associations?service=none | there is no service 'none'",
                "servers?service=none | there is no service 'none'",
                "servers?service= | there is no service ''"
            })
    void whatThereIsNotIsNotFound(String path, String sentence) {
        fails(404, path, sentence);
    }

    /** What is wrong with any request that takes no parameters; those that take some are above. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "services",
                "services/web",
                "services/bulk/buckets",
                "servers",
                "ilbs",
                "ilbs/10.0.2.1",
                "associations",
                "elect",
                "view",
                "views",
                "settings",
                "statistics",
                "metrics",
                "counters"
            })
    void whatNobodyExplainedIsNotAnswered(String path) {
        RestServer.Answer unknown = server.get(path + "?x=1");
        assertEquals(400, unknown.status, unknown.body);
        assertTrue(unknown.json().path("detail").asText().startsWith("unknown parameter x; there are "), unknown.body);
        assertEquals("x", unknown.json().path("field").asText());
        assertEquals(400, server.get(path + "?x=1&x=2").status);
        assertEquals(404, server.get(path + "/x/y/z").status);
        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            RestServer.Answer answer = server.send(server.request(method, path, "{}"));
            assertEquals(405, answer.status, method + answer.body);
            assertEquals("application/problem+json", answer.type);
        }
        assertEquals(406, server.send(server.request("GET", path, null).setHeader("Accept", "text/html")).status, path);
        assertEquals(403, server.call("GET", path, "guest").status);
        server.serve();
        assertEquals(503, server.get(path.equals("elect") ? path + ELECTION : path).status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "services/web/servers", "elect/x"})
    void paths(String path) {
        assertEquals(404, server.get(path).status);
    }

    @Test
    void beforeTheConfigurationThereIsLittle() {
        server.serve(new SampleIlb(false));
        assertEquals("{\"services\":[]}", server.get("services").body);
        assertEquals("{\"view\":0,\"ilbs\":[]}", server.get("ilbs").body);
        assertEquals("{\"number\":0,\"members\":[]}", server.get("view").body);
        fails(404, "settings", "there is no configuration yet");
        fails(404, "elect?destination=10.0.0.1:80&source=10.0.0.2:80", "no ILB is in, so none can be elected");
    }

    @Test
    void withoutTheServiceItIsUnavailable() {
        server.serve();
        for (String path :
                new String[] {"services", "ilbs", "associations", "view", "settings", "counters", "statistics"}) {
            assertEquals(503, server.get(path).status, path);
        }
    }

    private static void fails(int status, String path, String sentence) {
        RestServer.Answer answer = server.get(path);
        assertEquals(status, answer.status, answer.body);
        assertEquals("application/problem+json", answer.type);
        assertEquals(status, answer.json().path("status").asInt());
        assertEquals(sentence, answer.json().path("detail").asText());
        assertTrue(answer.body.length() < 300);
    }
}
