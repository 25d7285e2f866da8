using Headgate.Proxy.Dns;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Dns;

public sealed class WatchedFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Value_FileChanged_IsReadAnewASecondLaterAtMost()
    {
        File.WriteAllText(_path, "one");
        WatchedFile<string> file = Watch();
        file.Value.ShouldBe("one");

        File.WriteAllText(_path, "another");
        file.Value.ShouldBe("one", "looked at a moment ago");
        _time.Advance(TimeSpan.FromSeconds(1));

        file.Value.ShouldBe("another");
    }

    [Fact]
    public void Value_FileMissingThenThereThenGone_LastWordCounts()
    {
        WatchedFile<string> file = Watch();
        file.Value.ShouldBe("initial");

        File.WriteAllText(_path, "one");
        _time.Advance(TimeSpan.FromSeconds(1));
        file.Value.ShouldBe("one");

        File.Delete(_path);
        _time.Advance(TimeSpan.FromSeconds(1));
        file.Value.ShouldBe("one");
    }

    [Fact]
    public void Value_LinkWhoseTargetChanges_IsReadAnew()
    {
        string link = _path + ".link";
        File.WriteAllText(_path, "one");
        File.CreateSymbolicLink(link, _path);
        try
        {
            var file = new WatchedFile<string>(link, text => text, "initial", _time, NullLogger.Instance);
            file.Value.ShouldBe("one");

            File.WriteAllText(_path, "another");
            _time.Advance(TimeSpan.FromSeconds(1));

            file.Value.ShouldBe("another");
        }
        finally
        {
            File.Delete(link);
        }
    }

    private WatchedFile<string> Watch() => new(_path, text => text, "initial", _time, NullLogger.Instance);
}
