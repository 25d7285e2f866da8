namespace Headgate.Differential.Mutation;

/// <summary>
/// Makes inputs from sound and unsound ones: bits flipped, bytes inserted, removed and doubled, pieces of HTTP spliced in, numbers changed, lines swapped,
/// two inputs crossed, ends cut off. Which change comes depends on the <see cref="Random"/> alone, so an input is found again by its seed and number.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> tokens)
{
    /// <summary>Longest input that is made; longer seeds stay as they are long.</summary>
    private const int BytesMax = 16_384;

    /// <summary>Makes an input: one of the seeds with one to six changes.</summary>
    public byte[] Next(Random random)
    {
        var bytes = new List<byte>(seeds[random.Next(seeds.Count)]);

        // One change mostly: where it matters can then be told; several find what hides behind a first check.
        for (int changes = random.Next(2) == 0 ? 1 : random.Next(1, 7); changes > 0; changes--)
            Change(bytes, random);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        switch (random.Next(11))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 6), bytes.Count - at));
                break;
            case 4 when bytes.Count < BytesMax:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                break;
            case 5:
                ChangeNumber(bytes, at, random);
                break;
            case 6:
                SwapLines(bytes, random);
                break;
            case 7 when random.Next(3) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8 when bytes.Count < BytesMax:
                Cross(bytes, at, random);
                break;
            default:
                Splice(bytes, at, random);
                break;
        }
    }

    /// <summary>Puts a piece in at a place, behind a line's end (where a header line belongs), or in the place of as many bytes.</summary>
    private void Splice(List<byte> bytes, int at, Random random)
    {
        byte[] token = tokens[random.Next(tokens.Count)];
        int kind = random.Next(3);
        if (kind == 1)
            at = bytes.IndexOf((byte)'\n', at > 0 ? at - 1 : 0) + 1;
        else if (kind == 2)
            bytes.RemoveRange(at, Math.Min(token.Length, bytes.Count - at));
        bytes.InsertRange(at, token);
    }

    /// <summary>Goes on with another seed from some place in it.</summary>
    private void Cross(List<byte> bytes, int at, Random random)
    {
        byte[] other = seeds[random.Next(seeds.Count)];
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
    }

    /// <summary>Another digit in the place of the next one from <paramref name="from"/> on, or one more.</summary>
    private static void ChangeNumber(List<byte> bytes, int from, Random random)
    {
        int at = bytes.FindIndex(Math.Min(from, bytes.Count), b => char.IsAsciiDigit((char)b));
        if (at < 0)
            return;
        byte digit = (byte)('0' + random.Next(10));
        if (random.Next(2) == 0)
            bytes[at] = digit;
        else
            bytes.Insert(at, digit);
    }

    private static void SwapLines(List<byte> bytes, Random random)
    {
        List<int> starts = [0];
        for (int i = 0; i < bytes.Count; i++)
        {
            if (bytes[i] == '\n')
                starts.Add(i + 1);
        }

        if (starts.Count < 3)
            return;
        int line = random.Next(starts.Count - 2);
        byte[] first = [.. bytes.GetRange(starts[line], starts[line + 1] - starts[line])];
        bytes.InsertRange(starts[line + 2], first);
        bytes.RemoveRange(starts[line], first.Length);
    }
}
