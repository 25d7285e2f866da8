using System.Text.RegularExpressions;

namespace Headgate.Store.Tests.Embedded;

/// <summary>The kernel's own record of what was flushed when.</summary>
public sealed class FlushTests
{
    private const int Commits = 40;

    [Fact]
    public async Task CommitAsync_Traced_FlushesTheLogBeforeEveryAnswer()
    {
        using TempFolder folder = TempFolder.OnDisk();
        string data = Path.Combine(folder.Path, "data");
        string trace = Path.Combine(folder.Path, "trace");
        using CrasherProcess traced = CrasherProcess.StartBelow(
            StraceCommand.Trace(trace, "write,pwrite64,fsync,fdatasync"), "steady", data, $"{Commits}", "1");
        List<string> answers = await traced.ReadToEndAsync();
        (await traced.WaitAsync()).ShouldBe(0);
        answers.Count(line => line.StartsWith("answered ", StringComparison.Ordinal)).ShouldBe(Commits);

        CheckAnswers(await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken)).ShouldBe(Commits);
    }

    [Fact]
    public async Task OpenAsync_NewStoreTraced_FlushesTheFolderAndItsParent()
    {
        using TempFolder folder = TempFolder.OnDisk();
        string data = Path.Combine(folder.Path, "data");
        string trace = Path.Combine(folder.Path, "trace");
        using CrasherProcess traced = CrasherProcess.StartBelow(StraceCommand.Trace(trace, "fsync,fdatasync"), "steady", data, "0", "1");
        (await traced.WaitAsync()).ShouldBe(0);

        string calls = await File.ReadAllTextAsync(trace, TestContext.Current.CancellationToken);
        calls.ShouldContain($"<{data}>");
        calls.ShouldContain($"<{folder.Path}>");
        calls.ShouldContain($"<{data}/headgate.db.new>");
    }

    // One commit after the other, so that what lies between two answers belongs to one commit: pages to the log, then a flush of it that has returned,
    // then the answer.
    private static int CheckAnswers(string[] lines)
    {
        Regex resumedFlush = new(@"<\.\.\. f(data)?sync resumed>.*= 0$");
        Regex flush = new(@" f(data)?sync\(\d+<[^>]*headgate\.db-wal>\) += 0$");
        Regex begunFlush = new(@" f(data)?sync\(\d+<[^>]*headgate\.db-wal>( <unfinished|\) *<unfinished)");
        int answers = 0;
        bool written = false;
        bool flushed = false;
        string? flushingThread = null;
        foreach (string line in lines)
        {
            string thread = line.Split(' ')[0];
            if (line.Contains("write", StringComparison.Ordinal) && line.Contains("headgate.db-wal>", StringComparison.Ordinal))
            {
                written = true;
                flushed = false;
            }
            else if (begunFlush.IsMatch(line))
            {
                flushingThread = thread;
            }
            else if (flush.IsMatch(line) || (thread == flushingThread && resumedFlush.IsMatch(line)))
            {
                flushed = written;
                flushingThread = null;
            }
            else if (line.Contains("\"answered ", StringComparison.Ordinal) && line.Contains("write(", StringComparison.Ordinal))
            {
                written.ShouldBeTrue($"nothing was written before: {line}");
                flushed.ShouldBeTrue($"nothing was flushed before: {line}");
                written = flushed = false;
                answers++;
            }
        }

        return answers;
    }
}
