namespace Headgate.Tests.CommandLine;

/// <summary><c>headgate check</c>, <c>version</c> and bad command lines, as a process.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task Check_NoFile_IsGood()
    {
        using var folder = new TemporaryFolder();
        await using var process = new HeadgateProcess(folder.Path, ["check"]);

        (await process.ExitAsync()).ShouldBe(0);
        process.Output.ShouldBe("no configuration file (./config.yaml does not exist), defaults and environment: 0 errors, 0 warnings");
    }

    [Fact]
    public async Task Check_DefaultFileWithErrors_PrintsAllAndEndsWithOne()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.yaml", "apisix:\n  node_listne: 9080\n  enable_admin: maybe\nnginx_config: {}\n");
        await using var process = new HeadgateProcess(folder.Path, ["check"]);

        (await process.ExitAsync()).ShouldBe(1);
        string[] lines = process.Output.Split('\n');
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("error: ./config.yaml:2: apisix.node_listne: unknown key (given: 9080); did you mean apisix.node_listen?");
        lines[1].ShouldBe("error: ./config.yaml:3: apisix.enable_admin: maybe is not allowed; use true or false");
        lines[2].ShouldBe("warning: ./config.yaml:4: nginx_config: accepted, without effect here");
        lines[3].ShouldBe("./config.yaml: 2 errors, 1 warning");
    }

    [Fact]
    public async Task Check_NamedFileAndEnvironment_AreRead()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("mine.yaml", "apisix: {node_listen: ${{MY_PORT}}}\n");
        await using var process = new HeadgateProcess(folder.Path, ["check", "--config", file], ("MY_PORT", "9081"), ("HEADGATE_APISIX__ENABLE_IPV6", "false"));

        (await process.ExitAsync()).ShouldBe(0);
        process.Output.ShouldBe($"{file}: 0 errors, 0 warnings");
    }

    [Fact]
    public async Task Run_ConfigurationError_StartsNothing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.yaml", "headgate: {dta: x}\n");
        await using var process = new HeadgateProcess(folder.Path, ["run"]);

        (await process.ExitAsync()).ShouldBe(1);
        process.Output.ShouldStartWith("error: ./config.yaml:1: headgate.dta: unknown key (given: x); did you mean headgate.data?");
        Directory.Exists(Path.Combine(folder.Path, "data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Version_PrintsIt()
    {
        using var folder = new TemporaryFolder();
        await using var process = new HeadgateProcess(folder.Path, ["version"]);

        (await process.ExitAsync()).ShouldBe(0);
        process.Output.ShouldBe("headgate 0.1.0");
    }

    [Fact]
    public async Task UnknownCommand_EndsWithOne()
    {
        using var folder = new TemporaryFolder();
        await using var process = new HeadgateProcess(folder.Path, ["rum"]);

        (await process.ExitAsync()).ShouldBe(1);
        process.Output.ShouldContain("headgate --help shows the commands");
    }
}
