"""Joining: referral, invitation and enrolment."""
