using Headgate.Store.Embedded;

namespace Headgate.Store.Tests.Embedded;

/// <summary>A disk that fails, injected into the system calls of a real process. What was answered is there; what failed for want of space is not.</summary>
public sealed class DiskFailureTests
{
    private const int Commits = 60;

    [Fact]
    public async Task CommitAsync_NoSpaceForAWhile_FailsThoseCommitsAndGoesOnAfterwards()
    {
        (List<string> answers, Dictionary<string, string> stored) = await RunAsync("pwrite64", "ENOSPC", "150..170");

        string[] failed = Keys(answers, "failed");
        failed.ShouldNotBeEmpty();
        answers.First(line => line.StartsWith("failed ", StringComparison.Ordinal)).ShouldContain("has no space");
        answers[^1].ShouldStartWith($"answered {Commits - 1} ");
        Keys(answers, "answered").ShouldAllBe(key => stored[$"/a/{key}"] == $"value of {key}" && stored[$"/b/{key}"] == $"value of {key}");
        failed.ShouldAllBe(key => !stored.ContainsKey($"/a/{key}") && !stored.ContainsKey($"/b/{key}"));
    }

    [Theory]
    [InlineData("fdatasync", "20")]
    [InlineData("pwrite64", "150")]
    public async Task CommitAsync_InputOutputError_StopsCommitsUntilItIsOpenedAnew(string call, string when)
    {
        (List<string> answers, Dictionary<string, string> stored) = await RunAsync(call, "EIO", when);

        string[] answered = Keys(answers, "answered");
        string[] failed = Keys(answers, "failed");
        answered.Length.ShouldBeGreaterThan(5);
        failed.ShouldBe(Enumerable.Range(answered.Length, Commits - answered.Length).Select(i => $"{i}"));
        answers[^1].ShouldContain("then restart Headgate");
        answered.ShouldAllBe(key => stored[$"/a/{key}"] == $"value of {key}" && stored[$"/b/{key}"] == $"value of {key}");

        // The one that met the error is whole or not there; none after it is there.
        stored.ContainsKey($"/a/{failed[0]}").ShouldBe(stored.ContainsKey($"/b/{failed[0]}"));
        failed[1..].ShouldAllBe(key => !stored.ContainsKey($"/a/{key}"));
    }

    private static async Task<(List<string> Answers, Dictionary<string, string> Stored)> RunAsync(string call, string error, string when)
    {
        using TempFolder folder = TempFolder.OnDisk();
        await (await EmbeddedStores.OpenAsync(folder.Path)).DisposeAsync();
        using CrasherProcess failing = CrasherProcess.StartBelow(
            StraceCommand.Inject(folder.Database + "-wal", call, error, when), "steady", folder.Path, $"{Commits}");
        List<string> answers = await failing.ReadToEndAsync();
        await failing.WaitAsync();
        answers.Count.ShouldBe(Commits);

        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);
        return (answers, await store.ReadAllAsync());
    }

    private static string[] Keys(List<string> answers, string verb) =>
        [.. answers.Select(line => line.Split(' ')).Where(words => words[0] == verb).Select(words => words[1])];
}
