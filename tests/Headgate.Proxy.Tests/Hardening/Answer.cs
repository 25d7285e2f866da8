using System.Globalization;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>One answer out of the bytes a client received.</summary>
internal sealed record Answer(int Status, string Head, string Body)
{
    /// <summary>
    /// Cuts <paramref name="received"/> into answers by their Content-Length, final ones and interim ones. Throws when a byte is left over or missing: an answer that was
    /// forged, split or cut shows as that. <paramref name="toHead"/>: the requests were HEAD.
    /// </summary>
    public static IReadOnlyList<Answer> ReadAll(string received, bool toHead = false)
    {
        List<Answer> answers = [];
        for (int at = 0; at < received.Length;)
        {
            int end = received.IndexOf("\r\n\r\n", at, StringComparison.Ordinal) + 4;
            if (end < 4 || !received.AsSpan(at).StartsWith("HTTP/1.1 "))
                throw new FormatException($"no head of an answer at {at} of: {received}");
            string head = received[at..end];
            int status = int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            int length = toHead || status is < 200 or 204 or 304 ? 0 : ContentLength(head);
            answers.Add(new Answer(status, head, received.Substring(end, length)));
            at = end + length;
        }

        return answers;
    }

    private static int ContentLength(string head)
    {
        string[] lines = [.. head.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))];
        return lines is [{ } line] ? int.Parse(line.AsSpan(16), NumberStyles.None, CultureInfo.InvariantCulture) : throw new FormatException($"not one Content-Length: {head}");
    }
}
