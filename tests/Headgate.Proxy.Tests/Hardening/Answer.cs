using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>One answer out of the bytes a client received.</summary>
internal sealed record Answer(int Status, string Head, string Body)
{
    /// <summary>
    /// Cuts <paramref name="received"/> into answers by their Content-Length, final ones and interim ones. Throws when a byte is left over or missing: an answer that was
    /// forged, split or cut shows as that.
    /// </summary>
    public static IReadOnlyList<Answer> ReadAll(string received)
    {
        List<Answer> answers = [];
        while (received.Length > 0)
        {
            if (!TryReadFirst(received, toHead: false, out Answer? answer, out int length))
                throw new FormatException("no whole answer: " + received);
            answers.Add(answer);
            received = received[length..];
        }

        return answers;
    }

    /// <summary>Reads the answer at the front; false when it is not whole. <paramref name="toHead"/>: the request was HEAD.</summary>
    public static bool TryReadFirst(string received, bool toHead, [NotNullWhen(true)] out Answer? answer, out int length)
    {
        answer = null;
        length = 0;
        int end = received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (end < 4)
            return false;
        if (!received.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            throw new FormatException("no answer: " + received);
        string head = received[..end];
        int status = int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        length = end + (toHead || status is < 200 or 204 or 304 ? 0 : ContentLength(head));
        if (received.Length < length)
            return false;
        answer = new Answer(status, head, received[end..length]);
        return true;
    }

    private static int ContentLength(string head)
    {
        string[] lines = [.. head.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))];
        return lines is [{ } line] ? int.Parse(line.AsSpan(16), NumberStyles.None, CultureInfo.InvariantCulture) : throw new FormatException($"not one Content-Length: {head}");
    }
}
