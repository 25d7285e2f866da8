using Headgate.Store.Embedded;

namespace Headgate.Store.Tests.Embedded;

/// <summary>A disk that fails, injected into the system calls of a real process. What was answered is there; what failed for want of space is not.</summary>
public sealed class DiskFailureTests
{
    private const int Commits = 60;

    // Which call of each pair is used depends on how SQLite was built.
    private const string Writes = "pwrite64,write";
    private const string Flushes = "fdatasync,fsync";

    // With eight callers a batch of several meets the full disk: each of them is then tried alone, and its outcome is its own.
    [Theory]
    [InlineData(1, 20)]
    [InlineData(8, 3)]
    [InlineData(8, 40)]
    public async Task CommitAsync_NoSpaceForAWhile_FailsThoseCommitsAndGoesOnAfterwards(int callers, int failingCalls)
    {
        (List<string> answers, Dictionary<string, string> stored) = await RunAsync(
            Writes, "ENOSPC", $"150..{150 + failingCalls - 1}", callers, commits: 200);

        string[] failed = Keys(answers, "failed");
        if (callers == 1)
        {
            failed.ShouldNotBeEmpty();
        }

        failed.Length.ShouldBeLessThanOrEqualTo(failingCalls);

        answers.Where(line => line.StartsWith("failed ", StringComparison.Ordinal)).ShouldAllBe(line => line.Contains("has no space"));
        answers[^1].ShouldStartWith("answered ");
        Keys(answers, "answered").ShouldAllBe(key => stored[$"/a/{key}"] == $"value of {key}" && stored[$"/b/{key}"] == $"value of {key}");
        failed.ShouldAllBe(key => !stored.ContainsKey($"/a/{key}") && !stored.ContainsKey($"/b/{key}"));
    }

    [Theory]
    [InlineData(Flushes, "20")]
    [InlineData(Writes, "150")]
    public async Task CommitAsync_InputOutputError_StopsCommitsUntilItIsOpenedAnew(string calls, string when)
    {
        (List<string> answers, Dictionary<string, string> stored) = await RunAsync(calls, "EIO", when, callers: 1, Commits);

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

    private static async Task<(List<string> Answers, Dictionary<string, string> Stored)> RunAsync(
        string calls, string error, string when, int callers, int commits)
    {
        using TempFolder folder = TempFolder.OnDisk();
        await (await EmbeddedStores.OpenAsync(folder.Path)).DisposeAsync();
        using CrasherProcess failing = CrasherProcess.StartBelow(
            StraceCommand.Inject(folder.Database + "-wal", calls, error, when), "steady", folder.Path, $"{commits}", $"{callers}");
        List<string> answers = await failing.ReadToEndAsync();
        await failing.WaitAsync();
        answers.Count.ShouldBe(commits);

        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);
        return (answers, await store.ReadAllAsync());
    }

    private static string[] Keys(List<string> answers, string verb) =>
        [.. answers.Select(line => line.Split(' ')).Where(words => words[0] == verb).Select(words => words[1])];
}
