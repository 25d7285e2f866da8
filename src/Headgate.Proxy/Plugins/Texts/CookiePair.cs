namespace Headgate.Proxy.Plugins.Texts;

/// <summary>Changes the cookies that the node gets.</summary>
internal static class CookiePair
{
    /// <summary>Sends no cookie of that name; nothing is changed when there is none. The others follow each other in one field.</summary>
    public static void Remove(PluginContext context, ReadOnlySpan<byte> name)
    {
        var kept = new ByteBuilder(stackalloc byte[512]);
        bool isFound = false;
        int place = 0;
        while (context.Forwarded.TryGetNext("cookie"u8, ref place, out ReadOnlySpan<byte> field))
        {
            foreach (Range range in field.Split((byte)';'))
            {
                ReadOnlySpan<byte> pair = field[range].Trim(" \t"u8);
                bool isNamed = pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name);
                isFound |= isNamed;
                if (isNamed || pair.IsEmpty)
                    continue;
                if (kept.Length > 0)
                    kept.Add("; "u8);
                kept.Add(pair);
            }
        }

        if (isFound && kept.Length > 0)
            context.Forwarded.Set("cookie"u8, kept.Bytes);
        else if (isFound)
            context.Forwarded.Remove("cookie"u8);
        kept.Dispose();
    }
}
