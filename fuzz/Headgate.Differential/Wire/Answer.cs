using System.Globalization;
using System.Text;

namespace Headgate.Differential.Wire;

/// <summary>A final answer as a client received it; interim ones are passed over.</summary>
/// <param name="Status">Status; 0 = bytes that are no answer of HTTP/1.x.</param>
/// <param name="Id">Which request it answers, when that reached someone; 0 = the server's own answer.</param>
/// <param name="Body">Body as far as it came.</param>
/// <param name="IsLast">It says that the connection ends with it.</param>
internal sealed record Answer(int Status, long Id, string Body, bool IsLast)
{
    /// <summary>Reads all answers of a connection. What cannot be read ends the list as one answer with status 0.</summary>
    public static List<Answer> ReadAll(ReadOnlySpan<byte> bytes)
    {
        List<Answer> answers = [];
        for (int at = 0; at < bytes.Length;)
        {
            try
            {
                if (Read(bytes, ref at) is { } answer && answer.Status is 101 or >= 200)
                    answers.Add(answer);
            }
            catch (ViolationException)
            {
                answers.Add(new Answer(0, 0, Encoding.Latin1.GetString(bytes[at..]), IsLast: true));
                break;
            }
        }

        return answers;
    }

    private static Answer Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        int next = at;
        string line = Lines.Next(bytes, ref next) ?? throw new ViolationException("no status line");
        bool sound = line.Length >= 12 && line.StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(line.AsSpan(9, 3), CultureInfo.InvariantCulture, out _);
        if (!sound || Lines.Fields(bytes, ref next) is not { } fields)
            throw new ViolationException("no head");
        int status = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
        long id = long.Parse(Lines.Single(fields, SeenRequest.IdField.ToLowerInvariant()) ?? "0", CultureInfo.InvariantCulture);
        at = next;
        byte[] body = status is < 200 or 204 or 304 || IsNextAnswer(bytes[at..]) ? [] : ReadBody(bytes, fields, ref at);
        return new Answer(status, id, Encoding.Latin1.GetString(body), Lines.Single(fields, "connection") == "close");
    }

    /// <summary>An answer to HEAD announces a body that does not come: nobody here writes a body that begins like an answer.</summary>
    private static bool IsNextAnswer(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || bytes.StartsWith("HTTP/1."u8);

    private static byte[] ReadBody(ReadOnlySpan<byte> bytes, List<(string Name, string Value)> fields, ref int at)
    {
        if (Lines.Single(fields, "transfer-encoding") is not null)
            return Lines.Chunked(bytes, ref at) ?? throw new ViolationException("a cut body");
        int rest = bytes.Length - at;
        int length = Lines.Single(fields, "content-length") is { } text ? (int)Math.Min(long.Parse(text, CultureInfo.InvariantCulture), rest) : rest;
        byte[] body = bytes.Slice(at, length).ToArray();
        at += length;
        return body;
    }
}
