using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Upstreams;

public sealed class HeaderEditsTests
{
    private static readonly HeaderEdits Edits = new(new RequestHeadersConfig([new("X-User", "a"), new("X-Empty", "")], [new("Via", "caf\u00e9")], ["Cookie", "x_trace_id"]));

    [Theory]
    [InlineData("X-User", true)]
    [InlineData("x-user", true)]
    [InlineData("X_USER", true)]
    [InlineData("x-empty", true)]
    [InlineData("cookie", true)]
    [InlineData("X-Trace-Id", true)]
    [InlineData("x-trace_ID", true)]
    [InlineData("Via", false)]
    [InlineData("X-Usez", false)]
    [InlineData("X-User2", false)]
    [InlineData("Accept", false)]
    [InlineData("X\rUser", false)]
    public void Drops_Name_OnlyWhatIsSetOrRemoved(string name, bool dropped) => Edits.Drops(Encoding.ASCII.GetBytes(name)).ShouldBe(dropped);

    [Fact]
    public void Lines_SetAndAdded_AreWholeLines() => Encoding.UTF8.GetString(Edits.Lines).ShouldBe("X-User: a\r\nX-Empty: \r\nVia: caf\u00e9\r\n");
}
