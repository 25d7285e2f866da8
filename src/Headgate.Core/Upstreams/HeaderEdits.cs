using System.Text;
using Headgate.Core.Config;

namespace Headgate.Core.Upstreams;

/// <summary>
/// The upstream's <c>request_headers</c> as the writer of heads wants them: which of the client's fields are not sent, and the lines that are added. Immutable;
/// nothing here allocates when a request comes.
/// </summary>
public sealed class HeaderEdits
{
    private readonly byte[][] _dropped;
    private readonly ulong _lengths;

    /// <summary>Lays out what <paramref name="config"/> says.</summary>
    public HeaderEdits(RequestHeadersConfig config)
    {
        _dropped = [.. config.Set.Items.Select(static field => field.Name).Concat(config.Remove.Items).Select(static name => Canonical(name))];
        foreach (byte[] name in _dropped)
            _lengths |= 1UL << (name.Length & 63);
        var lines = new StringBuilder();
        foreach (HeaderConfig field in config.Set.Items.Concat(config.Add.Items))
            lines.Append(field.Name).Append(": ").Append(field.Value).Append("\r\n");
        Lines = Encoding.UTF8.GetBytes(lines.ToString());
    }

    /// <summary>The added lines, each with its CRLF.</summary>
    public byte[] Lines { get; }

    /// <summary>
    /// Whether a field of the client is not sent. A name that only '_' in place of '-' keeps apart counts as the same: nodes that turn names into variables (CGI,
    /// WSGI, PHP) read both as one, and a client could speak in the gateway's place.
    /// </summary>
    public bool Drops(ReadOnlySpan<byte> name)
    {
        // Most names of real traffic end here.
        if ((_lengths >> (name.Length & 63) & 1) == 0)
            return false;
        foreach (byte[] dropped in _dropped)
        {
            if (IsSame(name, dropped))
                return true;
        }

        return false;
    }

    private static byte[] Canonical(string name) => Encoding.ASCII.GetBytes(name.ToLowerInvariant().Replace('_', '-'));

    private static bool IsSame(ReadOnlySpan<byte> name, byte[] canonical)
    {
        if (name.Length != canonical.Length)
            return false;
        for (int i = 0; i < canonical.Length; i++)
        {
            byte b = name[i];
            if ((b == '_' ? (byte)'-' : b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b) != canonical[i])
                return false;
        }

        return true;
    }
}
