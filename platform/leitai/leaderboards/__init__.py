"""Standings, boards, exports."""
