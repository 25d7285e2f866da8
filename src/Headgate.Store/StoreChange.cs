namespace Headgate.Store;

/// <summary>One changed key.</summary>
/// <param name="Key">Full key.</param>
/// <param name="Entry">What it holds now; null = deleted.</param>
public sealed record StoreChange(string Key, StoreEntry? Entry);
