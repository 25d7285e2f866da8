using Headgate.Control.FleetHealth;

namespace Headgate.Control.Tests.FleetHealth;

/// <summary>A state and a text of what each instance says.</summary>
public sealed class SeenStatesTests
{
    [Theory]
    [InlineData("up", "up", "up from gw-1")]
    [InlineData("up up up", "up", "up from all 3")]
    [InlineData("down", "down", "down from gw-1")]
    [InlineData("down down", "down", "down from all 2")]
    [InlineData("out out", "out", "out from all 2")]
    [InlineData("up down up", "partial", "down from gw-2 only")]
    [InlineData("out up up", "partial", "out from gw-1 only")]
    [InlineData("up down down", "partial", "up from 1 of 3: down from gw-2, gw-3")]
    [InlineData("up down out", "partial", "up from 1 of 3: down from gw-2, out from gw-3")]
    [InlineData("out down", "partial", "up from 0 of 2: down from gw-2, out from gw-1")]
    [InlineData("up unknown up", "up", "up from all 2; unknown from gw-2")]
    [InlineData("up down unknown", "partial", "down from gw-2 only; unknown from gw-3")]
    [InlineData("down unknown not_served", "down", "down from gw-1; unknown from gw-2; not served by gw-3")]
    [InlineData("unknown", "unknown", "unknown from gw-1")]
    [InlineData("up down down down down down down down down down down down down", "partial", "up from 1 of 13: down from gw-2, gw-3, gw-4, gw-5, gw-6, gw-7, gw-8, gw-9, gw-10, gw-11 and 2 more")]
    public void Add_WhatEachSays_IsPutTogether(string said, string state, string text)
    {
        var states = new SeenStates();
        foreach ((int index, string one) in said.Split(' ').Index())
            states.Add($"gw-{index + 1}", one);

        (states.State, states.Text).ShouldBe((state, text));
    }

    [Fact]
    public void AddUp_ThoseWithoutAName_Count()
    {
        var states = new SeenStates();
        states.Add("gw-2", "down");
        states.AddUp(2);

        (states.State, states.Text).ShouldBe(("partial", "down from gw-2 only"));
    }
}
