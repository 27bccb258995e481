package dev.machine.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.e2e.bench.Load.Endpointed;
import dev.machine.e2e.bench.Load.Order;
import dev.machine.e2e.bench.Load.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The endpoint's bench: the same load straight at fake engines and through the endpoint, in one
 * run. What it prints is judged by whoever reads it. Argument: {@code --quick} for fewer figures.
 */
public final class EndpointBench {
    private static final int ENGINES = 100;

    private final Rig rig;
    private final boolean quick;
    private final Table table = new Table();
    private final Duration cell;

    private EndpointBench(Rig rig, boolean quick) {
        this.rig = rig;
        this.quick = quick;
        cell = Duration.ofSeconds(quick ? 2 : 5);
    }

    public static void main(String[] arguments) throws Exception {
        try (Rig rig = new Rig()) {
            new EndpointBench(rig, Arrays.asList(arguments).contains("--quick")).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        rig.engines(ENGINES);
        ready(ENGINES, 1);
        TimeUnit.SECONDS.sleep(3);
        table.most("RSS, 100 engines, idle", Proc.rss(rig.endpoint()), 80, " MB");
        thousand();
        warm();
        for (int delay : quick ? List.of(0, 500) : List.of(0, 50, 500)) {
            for (int clients : List.of(16, 64, 1000)) {
                cell(delay, clients);
            }
        }
        many();
        rightness();
        pulls();
        rig.engines(1000);
        ready(1000, 5);
        TimeUnit.SECONDS.sleep(2);
        table.most("RSS, 1000 engines, idle", Proc.rss(rig.endpoint()), 250, " MB");
    }

    /** The second start counts: in the first one the engines' process is cold too. */
    private void ready(int engines, double goal) throws IOException, InterruptedException {
        rig.restart(engines);
        double before = Proc.cpu(rig.fakesPid());
        double seconds = rig.restart(engines);
        String work = engines + " engines over TLS ready, from the start of the process";
        table.most(work, seconds, goal, " s");
        table.row(
                "",
                "CPU s: endpoint %s, engines %s"
                        .formatted(
                                Table.number(Proc.cpu(rig.endpoint())),
                                Table.number(Proc.cpu(rig.fakesPid()) - before)),
                "",
                "");
    }

    /** A young endpoint: what it weighs and how it answers with 1000 containers. */
    private void thousand() throws IOException, InterruptedException {
        Result made = rig.load(Order.create(rig.through(), 16, 1000, Duration.ofSeconds(60)));
        table.row("1000 create+start on a cold endpoint, 16 clients", rate(made), "", errors(made));
        table.most("RSS, 100 engines, 1000 containers", Proc.rss(rig.endpoint()), 110, " MB");
        int count = quick ? 200 : 500;
        Result list = rig.load(Order.get(rig.through(), "/v1.41/containers/json?all=1", count));
        table.most("ps -a, 1000 containers, p50", list.p50(), 10, " ms");
        JsonNode box = rig.ask("/v1.41/containers/json?all=1").path(0);
        String name = box.path("Names").path(0).asText();
        int node = Integer.parseInt(name.replaceFirst("^/node-([0-9]+)/.*", "$1"));
        String path = "/v1.41/containers/" + box.path("Id").asText() + "/json";
        Endpointed its = new Endpointed(List.of(rig.direct(true).ports().get(node)), true);
        for (int round = 0; round < 2; round++) {
            Result direct = rig.load(Order.get(its, path, count * 4));
            Result through = rig.load(Order.get(rig.through(), path, count * 4));
            if (round == 1) {
                table.most(
                        "inspect of one client, p50 through (%s) - direct (%s)"
                                .formatted(ms(through.p50()), ms(direct.p50())),
                        through.p50() - direct.p50(),
                        2,
                        " ms");
            }
        }
        rig.clear();
    }

    private void warm() throws IOException, InterruptedException {
        for (Endpointed to : List.of(rig.direct(false), rig.direct(true), rig.through())) {
            rig.load(Order.create(to, 64, 20_000, cell));
            rig.clear();
        }
    }

    private void cell(int delay, int clients) throws IOException, InterruptedException {
        String work = "create+start, engine " + delay + " ms, " + clients + " clients, ";
        Measured plain = measure(rig.direct(false), clients, delay);
        Measured direct = measure(rig.direct(true), clients, delay);
        Measured through = measure(rig.through(), clients, delay);
        table.row(work + "direct, plain", rate(plain.result), "", plain.cpu());
        table.row(work + "direct, TLS", rate(direct.result), "", direct.cpu());
        table.row(
                work + "through",
                rate(through.result),
                goal(delay, clients),
                through.cpu() + "; " + through.calls + errors(through.result));
        double ratio = through.result.rate() / direct.result.rate();
        double least = delay == 500 ? 0.9 : 0.5;
        table.row(
                work + "through / direct",
                Table.number(ratio),
                ">= " + least,
                Table.mark(ratio >= least));
    }

    private static String goal(int delay, int clients) {
        if (delay == 500) {
            return clients == 16 ? ">= 31/s" : clients == 64 ? ">= 120/s" : ">= 1500/s, 0 failed";
        }
        // Three times what classic swarm did over TLS with these clients.
        return delay == 0 && clients < 1000 ? ">= 336/s" : "";
    }

    /**
     * What a load came to.
     *
     * @param cpu of each process, in ms for each pair of calls
     * @param calls which calls an engine got, for each create+start
     */
    private record Measured(Result result, String cpu, String calls) {}

    private Measured measure(Endpointed to, int clients, int delay)
            throws IOException, InterruptedException {
        // Connections are opened before the clock runs.
        rig.load(Order.create(to, clients, clients, cell));
        rig.clear();
        rig.fakes(Map.of("createDelay", delay));
        double[] before = cpu();
        Result result = rig.load(Order.create(to, clients, 100_000, cell));
        double[] after = cpu();
        JsonNode counts = rig.fakes(Map.of());
        rig.clear();
        double each = 1000.0 / Math.max(1, result.done());
        String cpu =
                "CPU ms each: load %s, endpoint %s, engines %s"
                        .formatted(
                                Table.number((after[0] - before[0]) * each),
                                Table.number((after[1] - before[1]) * each),
                                Table.number((after[2] - before[2]) * each));
        return new Measured(result, cpu, calls(counts.path("calls"), result.done()));
    }

    private double[] cpu() throws IOException {
        return new double[] {
            Proc.cpu(rig.loadPid()), Proc.cpu(rig.endpoint()), Proc.cpu(rig.fakesPid())
        };
    }

    private static String calls(JsonNode calls, int done) {
        double all = 0;
        StringBuilder kinds = new StringBuilder();
        for (var kind : calls.properties()) {
            double each = kind.getValue().asDouble() / Math.max(1, done);
            all += each;
            kinds.append(kinds.isEmpty() ? "" : ", ").append(kind.getKey());
            kinds.append(' ').append(Table.number(each));
        }
        return "engine calls each: %s (goal <= 4): %s".formatted(Table.number(all), kinds);
    }

    /** 17 000 containers: the list, and whether creates are slower. */
    private void many() throws IOException, InterruptedException {
        Measured few = measure(rig.through(), 64, 0);
        rig.fakes(Map.of("fill", 170, "body", Rig.BODY));
        rig.known(170 * ENGINES);
        Result list =
                rig.load(Order.get(rig.through(), "/v1.41/containers/json?all=1", quick ? 10 : 30));
        table.most("ps -a, 17 000 containers, p50", list.p50(), 150, " ms");
        Result more = rig.load(Order.create(rig.through(), 64, 100_000, cell));
        double ratio = more.rate() / few.result.rate();
        table.row(
                "create+start, 64 clients, with 17 000 containers / with none",
                Table.number(ratio),
                ">= 0.9 (no slower)",
                Table.mark(ratio >= 0.9) + "; " + rate(more) + errors(more));
        table.row("RSS, 100 engines, 17 000 containers", Proc.rss(rig.endpoint()) + " MB", "", "");
        rig.clear();
    }

    private void rightness() throws IOException, InterruptedException {
        Order once = Order.create(rig.through(), 64, 100, Duration.ofSeconds(30));
        Result ports = rig.load(once.with(Rig.body(Rig.PORT_80)));
        JsonNode held = rig.fakes(Map.of());
        right("100 creates with port 80", ports, 100, held.path("most").asInt() == 1);
        rig.clear();
        Order five = Order.create(rig.through(), 64, 500, Duration.ofSeconds(30));
        Result memory = rig.load(five.with(Rig.body(Rig.ONE_GIB)));
        held = rig.fakes(Map.of());
        right("500 x 1 GiB on nodes of 4", memory, 400, held.path("most").asInt() == 4);
        rig.clear();
        Order sixtyFour = Order.create(rig.through(), 64, 64, Duration.ofSeconds(30));
        Result names = rig.load(sixtyFour.named("only"));
        right(
                "64 creates of one name",
                names,
                1,
                rig.fakes(Map.of()).path("containers").asInt() == 1);
        rig.clear();
    }

    private void right(String work, Result result, int goal, boolean held) {
        table.row(
                work,
                result.done() + " ok in " + Table.number(result.seconds()) + " s",
                "exactly " + goal,
                Table.mark(result.done() == goal && held));
    }

    private void pulls() throws IOException, InterruptedException {
        rig.fakes(Map.of("pullDelay", 2000));
        Order order = Order.create(rig.through(), 64, 400, Duration.ofSeconds(60));
        Result result = rig.load(order.with(Rig.MISSING));
        JsonNode held = rig.fakes(Map.of());
        table.row(
                "missing image, 2 s pull, 64 clients, 400 creates",
                rate(result) + ", " + held.path("pulls") + " pulls",
                ">= 65/s, 100 pulls",
                Table.mark(result.rate() >= 65 && held.path("pulls").asInt() == 100)
                        + errors(result));
        rig.clear();
    }

    private static String rate(Result result) {
        return "%s/s p50 %s p99 %s"
                .formatted(Table.number(result.rate()), ms(result.p50()), ms(result.p99()));
    }

    private static String ms(double time) {
        return Table.number(time) + " ms";
    }

    private static String errors(Result result) {
        return result.failed() == 0 ? "" : "; failed: " + result.errors();
    }
}
