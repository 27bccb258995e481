package dev.machine.cli.completion;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine completion}: prints a script that completes commands, options and names of
 * machines. The script itself reads the names from the store, because a JVM per key press would be
 * too slow.
 */
public final class CompletionCommand implements Command {
    private final Supplier<CompletionModel> commands;

    /**
     * @param commands what can be typed; asked for only when a script is printed
     */
    public CompletionCommand(Supplier<CompletionModel> commands) {
        this.commands = commands;
    }

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "completion",
                        "Print a completion script. bash: eval \"$(machine completion bash)\" in"
                                + " ~/.bashrc; zsh: source <(machine completion zsh) after compinit;"
                                + " fish: machine completion fish >"
                                + " ~/.config/fish/completions/machine.fish")
                .addPositional(Options.word("SHELL", "bash, zsh or fish"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().size() != 1) {
            throw Invocation.usage("name one shell: bash, zsh or fish");
        }
        CompletionModel model = commands.get();
        String script =
                switch (call.words().getFirst()) {
                    case "bash" -> BashCompletion.script(model);
                    case "zsh" -> ZshCompletion.script(model);
                    case "fish" -> FishCompletion.script(model);
                    default ->
                            throw Invocation.usage(
                                    "there is no completion for "
                                            + call.words().getFirst()
                                            + ", only for bash, zsh and fish");
                };
        call.console().out().print(script);
        return ExitCode.OK;
    }
}
