using System.Text;

namespace Headgate.Core.Routing;

/// <summary>
/// A path of a route: exact, or with an asterisk. <c>/a/*</c> and <c>/a*</c> stand for all that begins with what comes before the asterisk.
/// A segment in the middle that begins with an asterisk (<c>/a/*/b</c>) stands for any text, slashes included, as in APISIX: such a path is found
/// by its prefix and then compared piece by piece.
/// </summary>
internal sealed class UriPattern
{
    private readonly byte[][] _pieces;

    private UriPattern(string text, byte[] key, bool isPrefix, byte[][] pieces)
    {
        Text = text;
        Key = key;
        IsPrefix = isPrefix;
        _pieces = pieces;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>The whole path, or what comes before the first asterisk; UTF-8.</summary>
    public byte[] Key { get; }

    /// <summary>Whether there is an asterisk.</summary>
    public bool IsPrefix { get; }

    /// <summary>Whether a path that begins with <see cref="Key"/> can still differ.</summary>
    public bool HasPieces => _pieces.Length > 0;

    /// <summary>Reads a path as written.</summary>
    public static UriPattern Parse(string uri)
    {
        int star = uri.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return new(uri, Encoding.UTF8.GetBytes(uri), false, []);
        byte[] key = Encoding.UTF8.GetBytes(uri[..star]);
        return new(uri, key, true, star == uri.Length - 1 ? [] : Pieces(uri));
    }

    /// <summary>Whether a path that begins with <see cref="Key"/> matches the rest too.</summary>
    public bool RestMatches(ReadOnlySpan<byte> path)
    {
        if (_pieces.Length == 0)
            return true;
        ReadOnlySpan<byte> first = _pieces[0];
        ReadOnlySpan<byte> last = _pieces[^1];
        if (path.Length < first.Length + last.Length || !path.StartsWith(first) || !path.EndsWith(last))
            return false;
        ReadOnlySpan<byte> middle = path[first.Length..^last.Length];
        for (int i = 1; i < _pieces.Length - 1; i++)
        {
            // The earliest place is as good as any: what is left for the later pieces is then the longest.
            int at = middle.IndexOf(_pieces[i]);
            if (at < 0)
                return false;
            middle = middle[(at + _pieces[i].Length)..];
        }

        return true;
    }

    /// <summary>The text between the segments that begin with an asterisk; none when no segment does (APISIX then sees a mere prefix).</summary>
    private static byte[][] Pieces(string uri)
    {
        var pieces = new List<byte[]>();
        var piece = new StringBuilder();
        string[] segments = uri.Split('/');
        for (int i = 0; i < segments.Length; i++)
        {
            if (i > 0)
                piece.Append('/');
            if (segments[i].StartsWith('*'))
            {
                pieces.Add(Encoding.UTF8.GetBytes(piece.ToString()));
                piece.Clear();
            }
            else
            {
                piece.Append(segments[i]);
            }
        }

        if (pieces.Count == 0)
            return [];
        pieces.Add(Encoding.UTF8.GetBytes(piece.ToString()));
        return [.. pieces];
    }
}
