using System.Globalization;
using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Registries;

/// <summary>A page of a list, by <c>page</c> (from 1) and <c>page_size</c>; without either all of it, or the first page of a list that may be very long.</summary>
/// <param name="Skip">Items before it.</param>
/// <param name="Take">Items on it.</param>
internal readonly record struct Page(int Skip, int Take)
{
    private const int SizeDefault = 10;
    private const int SizeMax = 500;

    /// <summary>The refusal, or null and <paramref name="page"/>. <paramref name="total"/>: items of the whole list. <paramref name="always"/>: there is no whole list, only pages.</summary>
    public static AdminResponse? Read(IQueryCollection query, int total, out Page page, bool always = false)
    {
        page = new Page(0, total);
        if (!always && !query.ContainsKey("page") && !query.ContainsKey("page_size"))
            return null;
        if (Number(query, "page", 1) is not { } number || number < 1)
            return AdminResponse.Error(400, "invalid argument page; allowed: a number from 1");
        if (Number(query, "page_size", SizeDefault) is not { } size || size is < 1 or > SizeMax)
            return AdminResponse.Error(400, $"invalid argument page_size; allowed: 1 to {SizeMax}");
        page = new Page((int)Math.Min((long)(number - 1) * size, total), size);
        return null;
    }

    /// <summary>Its items.</summary>
    public IEnumerable<T> Of<T>(IReadOnlyList<T> all)
    {
        for (int i = Skip; i < all.Count && i - Skip < Take; i++)
            yield return all[i];
    }

    /// <summary>A number of the query; <paramref name="missing"/> when it is absent, null when it is none.</summary>
    public static int? Number(IQueryCollection query, string name, int missing) =>
        !query.TryGetValue(name, out var text) ? missing : int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
