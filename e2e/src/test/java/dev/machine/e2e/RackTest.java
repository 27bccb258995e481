package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The story's first two steps: a rack of five boards by one command, and the table of them. */
@Tag("lab")
class RackTest {
    private static final List<Integer> BOARDS = List.of(11, 12, 13, 14, 15);

    @RegisterExtension static final Nodes NODES = boards();

    private final Machine user = new Machine();

    private static Nodes boards() {
        Nodes nodes = new Nodes();
        for (int board : BOARDS) {
            nodes.and(name(board), "192.168.1." + board, "--engine", "--login", "password");
        }
        return nodes;
    }

    private static String name(int board) {
        return "rack-1-node-" + board;
    }

    @AfterEach
    void away() {
        user.close();
    }

    @Test
    void makesARackByOneCommandAndListsIt() {
        user.configure("aiyara:\n  ssh-user: root\n");
        String password = Secrets.fresh();
        for (int board : BOARDS) {
            Lab.node(name(board), "chpasswd", "root:" + password + "\n").ok();
        }

        Output made =
                user.typing(password + "\n")
                        .run(
                                "create",
                                "-d",
                                "aiyara",
                                "--aiyara-host-range=192.168.1.[11:15]",
                                "--aiyara-ssh-passwd-stdin",
                                "rack-1-node")
                        .exits(0);

        Secrets.assertNowhere(password, user, name(15), made);
        assertThat(user.run("ssh", name(13), "hostname").ok()).isEqualTo(name(13));
        List<String> table =
                user.shell("eval $(machine env --shell sh rack-1-node-13); machine ls")
                        .ok()
                        .lines()
                        .map(line -> line.strip().replaceAll("\\s+", " "))
                        .toList();
        assertThat(table).hasSize(6);
        assertThat(table.getFirst()).startsWith("NAME ACTIVE DRIVER STATE URL SWARM");
        for (int board : BOARDS) {
            assertThat(table.get(board - 10))
                    .startsWith(
                            "%s %saiyara Running tcp://192.168.1.%d:2376"
                                    .formatted(name(board), board == 13 ? "* " : "", board));
        }
    }
}
